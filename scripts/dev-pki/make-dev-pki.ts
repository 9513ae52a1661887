import { randomInt } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Issued, issueAuthority, issueCertificate, issueCrl, type RevokedEntry } from './issue.ts';
import { generateKeys, type KeyPair, pkcs8Of } from './keys.ts';
import { writePkcs12 } from './pkcs12.ts';
import { legacyProtection } from './pkcs12-legacy.ts';
import { modernProtection } from './pkcs12-modern.ts';
import { type CertificateRecipe, type Recipe, readRecipe } from './recipe.ts';

export interface DevAuthority {
  readonly id: string;
  /** DER. */
  readonly certificate: Uint8Array;
  /** PKCS#8 DER, for tests that issue more. */
  readonly privateKey: Uint8Array;
  /** DER. */
  readonly crl: Uint8Array;
  /** Absent for a root. */
  readonly issuer?: string;
}

export interface DevCertificate {
  readonly id: string;
  readonly holder: CertificateRecipe['holder'];
  /** DER. */
  readonly certificate: Uint8Array;
  /** From its issuer to the root, DER. */
  readonly chain: readonly Uint8Array[];
  /** PKCS#8 DER. */
  readonly privateKey: Uint8Array;
  readonly p12: Uint8Array;
  /** Opens `p12`; random at each generation. */
  readonly pin: string;
}

export interface DevPki {
  readonly authorities: Readonly<Record<string, DevAuthority>>;
  readonly certificates: Readonly<Record<string, DevCertificate>>;
  /** @throws Error when the recipe has no such id. */
  authority(id: string): DevAuthority;
  /** @throws Error when the recipe has no such id. */
  certificate(id: string): DevCertificate;
}

export interface DevPkiOptions {
  /** Folder to write `<id>.crt`, `<id>.p12`, `<id>.crl`, keys of authorities and `pins.json` to; nothing is written without it. */
  readonly out?: string;
  /** The moment all periods are counted from; seconds are what X.509 keeps. Default: now. */
  readonly now?: Date;
  readonly recipe?: Recipe;
  /** Makes only these certificates (and every authority): quicker for a test that needs one or two. */
  readonly only?: readonly string[];
}

/** Issues the development PKI of the recipe: authorities, certificates, PKCS#12 files, CRLs. Random keys, serials and PINs. */
export async function makeDevPki(options: DevPkiOptions = {}): Promise<DevPki> {
  const { recipe = readRecipe(), now = new Date(), only } = options;
  const wanted = recipe.certificates.filter(({ id }) => only?.includes(id) ?? true);
  const keys = await keysOf([...recipe.authorities, ...wanted]);

  const issued = new Map<string, Issued>();
  for (const entry of recipe.authorities) {
    const issuer = entry.issuer === undefined ? undefined : pick(issued, entry.issuer);
    const pair = pick(keys, entry.id);
    const certificate = await issueAuthority(recipe, entry, pair, now, issuer);
    issued.set(entry.id, { certificate, keys: pair, crlUrl: `${recipe.crlBase}${entry.id}.crl` });
  }
  const leaves = new Map<string, Issued>();
  for (const entry of wanted) {
    const issuer = pick(issued, entry.issuer);
    const pair = pick(keys, entry.id);
    const certificate = await issueCertificate(recipe, entry, pair, now, issuer);
    leaves.set(entry.id, { certificate, keys: pair, crlUrl: '' });
  }

  const authorities = await Promise.all(
    recipe.authorities.map(async ({ id, issuer }): Promise<DevAuthority> => {
      const authority = pick(issued, id);
      const revoked = wanted
        .filter((entry) => entry.issuer === id)
        .flatMap((entry) => revocation(entry, now, leaves));
      return {
        id,
        certificate: derOf(authority),
        privateKey: await pkcs8Of(authority.keys),
        crl: await issueCrl(authority, revoked, now, recipe.crlDays),
        ...(issuer === undefined ? {} : { issuer }),
      };
    }),
  );
  const certificates = await Promise.all(
    wanted.map((entry) =>
      certificateFile(entry, pick(leaves, entry.id), chainOf(recipe, issued, entry.issuer)),
    ),
  );
  const pki = collect(authorities, certificates);
  if (options.out !== undefined) await writeFolder(options.out, pki);
  return pki;
}

async function keysOf(
  entries: readonly { id: string; key: KeyPair['kind'] }[],
): Promise<ReadonlyMap<string, KeyPair>> {
  return new Map(
    await Promise.all(entries.map(async ({ id, key }) => [id, await generateKeys(key)] as const)),
  );
}

function revocation(
  entry: CertificateRecipe,
  now: Date,
  leaves: ReadonlyMap<string, Issued>,
): RevokedEntry[] {
  if (!entry.revoked) return [];
  const { atDays, reason } = entry.revoked;
  const { certificate } = pick(leaves, entry.id);
  return [{ certificate, date: new Date(now.getTime() + atDays * 86_400_000), reason }];
}

function chainOf(recipe: Recipe, issued: ReadonlyMap<string, Issued>, from: string): Uint8Array[] {
  const chain: Uint8Array[] = [];
  for (let id: string | undefined = from; id !== undefined; ) {
    const current: string = id;
    chain.push(derOf(pick(issued, current)));
    id = recipe.authorities.find((entry) => entry.id === current)?.issuer;
  }
  return chain;
}

async function certificateFile(
  entry: CertificateRecipe,
  leaf: Issued,
  chain: readonly Uint8Array[],
): Promise<DevCertificate> {
  const certificate = derOf(leaf);
  const privateKey = await pkcs8Of(leaf.keys);
  const pin = newPin();
  const certificates = entry.fileHoldsChain === false ? [certificate] : [certificate, ...chain];
  const p12 = await writePkcs12(
    { privateKey, certificates, friendlyName: entry.id, passphrase: pin },
    entry.file === 'legacy' ? legacyProtection : modernProtection,
  );
  return { id: entry.id, holder: entry.holder, certificate, chain, privateKey, p12, pin };
}

function collect(authorities: readonly DevAuthority[], certificates: readonly DevCertificate[]): DevPki {
  const authorityById = new Map(authorities.map((entry) => [entry.id, entry]));
  const certificateById = new Map(certificates.map((entry) => [entry.id, entry]));
  return {
    authorities: Object.fromEntries(authorityById),
    certificates: Object.fromEntries(certificateById),
    authority: (id) => pick(authorityById, id),
    certificate: (id) => pick(certificateById, id),
  };
}

/** Public parts for everybody, private parts with mode 600. */
async function writeFolder(out: string, pki: DevPki): Promise<void> {
  await mkdir(out, { recursive: true, mode: 0o700 });
  const open = (name: string, content: Uint8Array | string): Promise<void> =>
    writeFile(join(out, name), content);
  const secret = (name: string, content: Uint8Array | string): Promise<void> =>
    writeFile(join(out, name), content, { mode: 0o600 });
  const certificates = Object.values(pki.certificates);
  await Promise.all([
    ...Object.values(pki.authorities).flatMap(({ id, certificate, crl, privateKey }) => [
      open(`${id}.crt`, pem('CERTIFICATE', certificate)),
      open(`${id}.crl`, crl),
      secret(`${id}.key`, pem('PRIVATE KEY', privateKey)),
    ]),
    ...certificates.flatMap(({ id, certificate, p12 }) => [
      open(`${id}.crt`, pem('CERTIFICATE', certificate)),
      secret(`${id}.p12`, p12),
    ]),
    secret(
      'pins.json',
      `${JSON.stringify(Object.fromEntries(certificates.map(({ id, pin }) => [id, pin])), null, 2)}\n`,
    ),
  ]);
}

export const pem = (label: string, der: Uint8Array): string => {
  const lines = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
};

const derOf = ({ certificate }: Issued): Uint8Array => new Uint8Array(certificate.rawData);

/** Digits, so that it can be typed on any keyboard; tokens take 6 to 16. */
const newPin = (): string => Array.from({ length: 10 }, () => randomInt(10)).join('');

function pick<T>(map: ReadonlyMap<string, T>, id: string): T {
  const found = map.get(id);
  if (found === undefined) throw new Error(`the recipe has no "${id}"`);
  return found;
}
