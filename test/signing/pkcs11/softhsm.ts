import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PKCS11 } from 'pkcs11js';
import { readDer, readOctetString } from '../../../server/asn1/read.ts';
import { oid } from '../../../server/asn1/write.ts';
import type { Certificate } from '../../../server/pki/certificate.ts';
import { Ck } from '../../../server/signing/pkcs11/constants.ts';
import { authority, certify } from '../../pki/authority.ts';

const MODULES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'];
export const softhsmModule = MODULES.find((path) => existsSync(path)) ?? '';

/** Empty, or why a test is skipped: put into its title so that the skip can be read. */
export const missingSofthsm =
  softhsmModule !== '' && spawnSync('softhsm2-util', ['--version']).status === 0 && hasBinding()
    ? ''
    : ' (skipped: softhsm2 or pkcs11js is not installed)';

export const PIN = '13579246';
export const issuer = authority('Nơi cấp');

export type TokenKey = 'rsa-2048' | 'p-256' | 'p-384' | 'p-521' | 'ed25519';

function hasBinding(): boolean {
  try {
    return createRequire(import.meta.url).resolve('pkcs11js') !== '';
  } catch {
    return false;
  }
}

/** Tokens of SoftHSM in a folder of their own; keys are made inside and cannot leave. */
export class SoftHsm {
  readonly folder = mkdtempSync(join(tmpdir(), 'anso-softhsm-'));
  readonly #before = process.env.SOFTHSM2_CONF;

  constructor() {
    mkdirSync(this.tokens);
    const conf = join(this.folder, 'softhsm2.conf');
    writeFileSync(
      conf,
      `directories.tokendir = ${this.tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`,
    );
    process.env.SOFTHSM2_CONF = conf;
  }

  get tokens(): string {
    return join(this.folder, 'tokens');
  }

  /** A new token with a key and its certificate of each kind; gives the certificates. */
  token(label: string, kinds: readonly TokenKey[], parts: { certificates?: boolean } = {}): Certificate[] {
    execFileSync('softhsm2-util', [
      ...['--init-token', '--free', '--label', label],
      ...['--pin', PIN, '--so-pin', '87654321'],
    ]);
    return this.administer(label, (cryptoki, session) =>
      kinds.map((kind, index) => {
        const id = Buffer.of(index + 1);
        const spki = generate(cryptoki, session, kind, id);
        const subject = `Nguyễn Văn A ${kind}`;
        const { certificate } = certify({ subject, issuer, spki, from: '2020-01-01', to: '2049-01-01' });
        if (parts.certificates ?? true) store(cryptoki, session, certificate, id);
        return certificate;
      }),
    );
  }

  /** Puts a key made elsewhere (PKCS#8, PEM) into a token. */
  import(label: string, keyPem: string): void {
    const file = join(this.folder, 'import.pem');
    writeFileSync(file, keyPem);
    execFileSync('softhsm2-util', [
      ...['--import', file, '--token', label, '--pin', PIN, '--label', 'imported', '--id', '77'],
    ]);
    rmSync(file);
  }

  /** Works on a token as its user, in this thread. */
  administer<T>(label: string, work: (cryptoki: PKCS11, session: Buffer) => T): T {
    return withCryptoki((cryptoki) => {
      const slot = cryptoki
        .C_GetSlotList(true)
        .find((candidate) => cryptoki.C_GetTokenInfo(candidate).label.trim() === label);
      if (!slot) throw new Error(`no token ${label}`);
      const session = cryptoki.C_OpenSession(slot, Ck.serialSession | 2);
      cryptoki.C_Login(session, Ck.user, PIN);
      return work(cryptoki, session);
    });
  }

  remove(): void {
    if (this.#before === undefined) delete process.env.SOFTHSM2_CONF;
    else process.env.SOFTHSM2_CONF = this.#before;
    rmSync(this.folder, { recursive: true });
  }
}

/** Ends the module for the whole process, as any other code in it might. */
export function finalizeForAll(): void {
  withCryptoki(() => {});
}

function withCryptoki<T>(work: (cryptoki: PKCS11) => T): T {
  const { PKCS11: Binding } = createRequire(import.meta.url)('pkcs11js') as { PKCS11: new () => PKCS11 };
  const cryptoki = new Binding();
  cryptoki.load(softhsmModule);
  try {
    cryptoki.C_Initialize();
  } catch {
    // The thread under test has done it.
  }
  try {
    return work(cryptoki);
  } finally {
    cryptoki.C_Finalize();
  }
}

const CURVES = { 'p-256': '1.2.840.10045.3.1.7', 'p-384': '1.3.132.0.34', 'p-521': '1.3.132.0.35' } as const;
/** PrintableString "edwards25519", the only form SoftHSM takes. */
const EDWARDS = Buffer.from('130c656477617264733235353139', 'hex');
const Numbers = { rsaKeyPairGen: 0, ecKeyPairGen: 0x1040, edwardsKeyPairGen: 0x1055, ecParameters: 0x180 };
const Flag = { token: 1, private: 2, sensitive: 0x103, verify: 0x10a, sign: 0x108, extractable: 0x162 };

/** A key pair in the token; DER of the SubjectPublicKeyInfo. */
function generate(cryptoki: PKCS11, session: Buffer, kind: TokenKey, id: Buffer): Uint8Array {
  const common = [
    { type: Flag.token, value: true },
    { type: Ck.id, value: id },
  ];
  const isRsa = kind === 'rsa-2048';
  const parameters = isRsa ? undefined : kind === 'ed25519' ? EDWARDS : Buffer.from(oid(CURVES[kind]));
  const mechanism = isRsa
    ? Numbers.rsaKeyPairGen
    : kind === 'ed25519'
      ? Numbers.edwardsKeyPairGen
      : Numbers.ecKeyPairGen;
  const { publicKey } = cryptoki.C_GenerateKeyPair(
    session,
    { mechanism },
    [
      ...common,
      { type: Flag.verify, value: true },
      ...(parameters
        ? [{ type: Numbers.ecParameters, value: parameters }]
        : [
            { type: 0x121, value: 2048 },
            { type: 0x122, value: Buffer.of(1, 0, 1) },
          ]),
    ],
    [
      ...common,
      { type: Flag.private, value: true },
      { type: Flag.sensitive, value: true },
      { type: Flag.extractable, value: false },
      { type: Flag.sign, value: true },
    ],
  );
  const read = (type: number): Buffer =>
    cryptoki.C_GetAttributeValue(session, publicKey, [{ type }])[0]?.value ?? Buffer.alloc(0);
  const jwk = isRsa
    ? { kty: 'RSA', n: read(Ck.modulus).toString('base64url'), e: 'AQAB' }
    : jwkOfPoint(kind, Buffer.from(readOctetString(readDer(read(Ck.ecPoint)))));
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' });
}

function jwkOfPoint(kind: Exclude<TokenKey, 'rsa-2048'>, point: Buffer) {
  if (kind === 'ed25519') return { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') };
  const size = (point.length - 1) / 2;
  const part = (from: number): string => point.subarray(from, from + size).toString('base64url');
  return { kty: 'EC', crv: kind.toUpperCase(), x: part(1), y: part(1 + size) };
}

function store(cryptoki: PKCS11, session: Buffer, certificate: Certificate, id: Buffer): void {
  cryptoki.C_CreateObject(session, [
    { type: Ck.class, value: Ck.classCertificate },
    { type: Ck.certificateType, value: Ck.certificateX509 },
    { type: Flag.token, value: true },
    { type: Flag.private, value: false },
    { type: Ck.id, value: id },
    { type: 0x101, value: Buffer.from('subject') },
    { type: Ck.value, value: Buffer.from(certificate.der) },
  ]);
}
