import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { expect } from 'chai';
import { type CommandIo, UsageError } from '../../../server/cli/command.ts';
import { command } from '../../../server/cli/sign.ts';
import { offlineEvidence } from '../../evidence/offline.ts';
import { lockedPdf, USER } from '../../pdf/encrypted-files.ts';
import { type KeyKind, makeIdentity } from '../identities.ts';
import { missingPdfJudges, pdfJudges, signatureFacts } from '../judges.ts';
import { makeCrl } from '../make-crl.ts';
import { samplePdf } from '../sample-pdf.ts';

const noOpenssl = spawnSync('openssl', ['version']).error === undefined ? '' : ' (skipped: no openssl)';

interface Prepared {
  readonly code: string | null;
  readonly field: string;
  readonly scheme: string;
  readonly digestAlgorithm: string;
  readonly digest: string | null;
  readonly toBeSigned: string;
}

describe(`anso sign prepare and complete${noOpenssl}`, () => {
  let folder: string;
  let printed: string;
  const at = (name: string): string => join(folder, name);
  const root = makeIdentity('rsa-2048', { ca: true, subject: 'Root' });

  before(function () {
    if (noOpenssl) this.skip();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'anso-deferred-'));
    writeFileSync(at('in.pdf'), samplePdf());
    useKey('rsa-2048');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function useKey(kind: KeyKind): void {
    const leaf = makeIdentity(kind, { issuer: root, serial: 5 });
    writeFileSync(at('cert.pem'), leaf.pem);
    writeFileSync(at('root.pem'), root.pem);
    writeFileSync(at('key.pem'), leaf.keyPem);
  }

  async function run(argv: readonly string[], extra: { crls?: Uint8Array[] } = {}): Promise<number> {
    printed = '';
    const into = () =>
      new Writable({
        write: (chunk, _encoding, done) => {
          printed += chunk;
          done();
        },
      });
    const io: CommandIo = {
      stdout: into(),
      stderr: into(),
      stdin: Readable.from([]),
      env: { FILE_PASSWORD: USER },
      isTTY: false,
      openServices: () => Promise.reject(new Error('no store is needed')),
      trust: () => ({
        current: async () => ({ anchors: [root.der], intermediates: [], crls: extra.crls ?? [] }),
      }),
      evidence: offlineEvidence,
      usageLog: () => at('usage.ndjson'),
    };
    return command.run([...argv, '--json'], io);
  }
  const answer = (): Prepared => JSON.parse(printed);
  const prepare = async (...options: string[]): Promise<Prepared> => {
    const certificate = ['--certificate', at('cert.pem')];
    await run(['prepare', at('in.pdf'), ...certificate, '--out', at('state'), ...options]);
    return answer();
  };
  /** Completes with what stands in the file `value`, and gives the code. */
  const complete = async (...options: string[]): Promise<unknown> => {
    const code = await run([
      ...['complete', at('state'), '--signature', at('value'), '--out', at('out.pdf')],
      ...options,
    ]);
    expect(code).to.equal(answer().code === null ? 0 : 1);
    return answer().code;
  };
  const usage = (): string[] =>
    readFileSync(at('usage.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ outcome, code = '', channel }) => [outcome, code, channel].filter(Boolean).join(' '));

  /** The key in another process, as a token's program would use it. */
  function openssl(prepared: Prepared, options: readonly string[] = []): Buffer {
    const isDigest = prepared.digest !== null;
    const bytes = isDigest
      ? Buffer.from(prepared.digest ?? '', 'hex')
      : Buffer.from(prepared.toBeSigned, 'base64');
    writeFileSync(at('to-sign'), bytes);
    const digest = prepared.digestAlgorithm.replace('-', '').toLowerCase();
    const pss = ['-pkeyopt', 'rsa_padding_mode:pss', '-pkeyopt', 'rsa_pss_saltlen:digest'];
    const { status, stdout, stderr } = spawnSync('openssl', [
      ...['pkeyutl', '-sign', '-inkey', at('key.pem'), '-in', at('to-sign')],
      ...(isDigest ? ['-pkeyopt', `digest:${digest}`] : ['-rawin']),
      ...(prepared.scheme === 'rsa-pss' ? pss : []),
      ...options,
    ]);
    if (status !== 0) throw new Error(stderr.toString());
    return stdout;
  }

  const kinds: [KeyKind, ...string[]][] = [
    ['rsa-2048'],
    ['rsa-2048', '--rsa', 'pkcs1'],
    ['rsa-3072', '--digest', 'sha512'],
    ['p-256'],
    ['p-384'],
    ['p-521'],
    ['ed25519'],
  ];
  for (const [kind, ...options] of kinds) {
    it(`takes the value of a ${kind} key from another process ${options.join(' ')}`, async () => {
      useKey(kind);
      const prepared = await prepare('--chain', at('root.pem'), '--reason', 'Đồng ý', ...options);
      expect(prepared).to.include({ code: null, field: 'Signature1' });
      writeFileSync(at('value'), openssl(prepared));
      expect(await complete()).to.equal(null);
      const signed = readFileSync(at('out.pdf'));
      expect(signed.subarray(0, samplePdf().length)).to.deep.equal(samplePdf());
      expect(signatureFacts(signed)).to.have.length(1);
      expect(signatureFacts(signed)[0]).to.include({ field: 'Signature1', signatureValid: true });
      expect(usage()).to.deep.equal(['signed deferred']);
    });
  }

  it(`makes a file that pdfsig and qpdf take${missingPdfJudges}`, async function () {
    if (missingPdfJudges) this.skip();
    writeFileSync(at('value'), openssl(await prepare()));
    await complete();
    expect(pdfJudges(readFileSync(at('out.pdf')))).to.deep.equal({ valid: 1, total: 1, wholeDocument: 1 });
  });

  it('takes no name again whose state was completed: its value would be refused for that', async () => {
    writeFileSync(at('value'), openssl(await prepare()));
    expect(await complete()).to.equal(null);
    expect(await prepare()).to.include({ code: 'signing.output_exists' });
    expect(existsSync(at('state'))).to.equal(false);
  });

  it('takes the value in hexadecimal and in base64, and that of ECDSA as two numbers', async () => {
    useKey('p-256');
    const value = openssl(await prepare());
    const [r, s] = numbersOf(value);
    const forms = [
      value.toString('hex').replace(/(.{32})/g, '$1\n'),
      `${value.toString('base64')}\n`,
      Buffer.concat([r, s]),
      Buffer.concat([r, s]).toString('hex'),
    ];
    copyFileSync(at('state'), at('kept'));
    for (const form of forms) {
      copyFileSync(at('kept'), at('state'));
      for (const made of ['out.pdf', 'state.completed']) rmSync(at(made), { force: true });
      writeFileSync(at('value'), form);
      expect(await complete(), String(form)).to.equal(null);
    }
  });

  it('refuses a wrong value and keeps waiting for the right one; a completed state is good for nothing', async () => {
    const right = openssl(await prepare());
    const wrong = Buffer.from(right).fill(7, 20, 30);
    for (const value of [wrong, Buffer.from('no value at all!'), Buffer.alloc(0)]) {
      writeFileSync(at('value'), value);
      const expected = value.length === 0 ? 'signing.value_unreadable' : 'signing.wrong_value';
      expect(await complete()).to.equal(expected);
      expect(existsSync(at('out.pdf'))).to.equal(false);
    }
    writeFileSync(at('value'), right);
    expect(await complete()).to.equal(null);
    expect(await complete('--out', at('again.pdf'))).to.equal('signing.deferred_completed');
    expect(existsSync(at('again.pdf'))).to.equal(false);
    expect(usage()).to.deep.equal([
      'refused signing.wrong_value deferred',
      'refused signing.wrong_value deferred',
      'refused signing.value_unreadable deferred',
      'signed deferred',
    ]);
  });

  it('completes once when two try at the same moment, and leaves one file', async () => {
    writeFileSync(at('value'), openssl(await prepare()));
    const outs = ['a.pdf', 'b.pdf'].map(at);
    const codes = await Promise.all(
      outs.map((out) => run(['complete', at('state'), '--signature', at('value'), '--out', out])),
    );
    expect(codes.toSorted()).to.deep.equal([0, 1]);
    expect(outs.filter((out) => existsSync(out))).to.have.length(1);
  });

  it('counts a success once even when a copy of the state is completed again', async () => {
    writeFileSync(at('value'), openssl(await prepare()));
    copyFileSync(at('state'), at('copy'));
    await complete();
    expect(await run(['complete', at('copy'), '--signature', at('value'), '--out', at('b.pdf')])).to.equal(0);
    const ids = readFileSync(at('usage.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(new Set(ids)).to.have.length(1);
  });

  it('refuses a document that has changed, and finds one that was moved', async () => {
    writeFileSync(at('value'), openssl(await prepare()));
    const bytes = readFileSync(at('in.pdf'));
    writeFileSync(at('in.pdf'), Buffer.from(bytes).fill('7', 200, 201));
    expect(await complete()).to.equal('signing.source_changed');
    writeFileSync(at('in.pdf'), Buffer.concat([bytes, bytes]));
    expect(await complete()).to.equal('signing.source_changed');
    rmSync(at('in.pdf'));
    expect(await complete()).to.equal('signing.source_missing');
    writeFileSync(at('moved.pdf'), bytes);
    expect(await complete('--in', at('moved.pdf'))).to.equal(null);
  });

  it('refuses a certificate that was revoked meanwhile', async () => {
    writeFileSync(at('value'), openssl(await prepare()));
    const crl = makeCrl(root, {
      serials: [5],
      thisUpdate: new Date('2020-01-01'),
      nextUpdate: new Date('2049-01-01'),
    });
    const argv = ['complete', at('state'), '--signature', at('value'), '--out', at('out.pdf')];
    expect(await run(argv, { crls: [crl] })).to.equal(1);
    expect(answer().code).to.equal('signing.certificate_revoked');
    expect(usage()).to.deep.equal(['refused signing.certificate_revoked deferred']);
    expect(
      await run(['prepare', at('in.pdf'), '--certificate', at('cert.pem'), '--out', at('s2')], {
        crls: [crl],
      }),
    ).to.equal(1);
    expect(existsSync(at('s2'))).to.equal(false);
  });

  it('overwrites neither a state nor an output', async () => {
    writeFileSync(at('value'), openssl(await prepare()));
    expect((await prepare()).code).to.equal('signing.output_exists');
    writeFileSync(at('out.pdf'), 'precious');
    expect(await complete()).to.equal('signing.output_exists');
    expect(readFileSync(at('out.pdf'), 'utf8')).to.equal('precious');
    renameSync(at('out.pdf'), at('elsewhere'));
    expect(await complete()).to.equal(null);
  });

  it('signs an encrypted file, whose password both halves need', async () => {
    writeFileSync(at('in.pdf'), lockedPdf(6).bytes);
    expect((await prepare()).code).to.equal('pdf.password_required');
    writeFileSync(at('value'), openssl(await prepare('--password-env', 'FILE_PASSWORD')));
    expect(await complete()).to.equal('pdf.password_required');
    expect(await complete('--password-env', 'FILE_PASSWORD')).to.equal(null);
    const [facts] = signatureFacts(readFileSync(at('out.pdf')), { password: USER });
    expect(facts).to.include({ signatureValid: true });
  });

  it('adds to signatures that are there', async () => {
    writeFileSync(at('value'), openssl(await prepare()));
    await complete();
    for (const name of ['state.completed', 'state']) rmSync(at(name), { force: true });
    renameSync(at('out.pdf'), at('in.pdf'));
    writeFileSync(at('value'), openssl(await prepare()));
    expect(await complete()).to.equal(null);
    expect(
      signatureFacts(readFileSync(at('out.pdf'))).map(({ signatureValid }) => signatureValid),
    ).to.deep.equal([true, true]);
  });

  it('says what is missing on the command line', async () => {
    for (const argv of [
      ['prepare', at('in.pdf'), '--out', at('state')],
      ['prepare', at('in.pdf'), '--certificate', at('cert.pem')],
      ['prepare', at('in.pdf'), '--certificate', at('in.pdf'), '--out', at('state')],
      ['prepare', at('in.pdf'), '--certificate', at('cert.pem'), '--out', at('state'), '--days', '31'],
      ['complete', at('state'), '--out', at('out.pdf')],
      ['complete', at('state'), '--signature', at('none'), '--out', at('out.pdf')],
    ]) {
      const error = await run(argv).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error, argv.join(' ')).to.be.instanceOf(UsageError);
    }
  });
});

/** The two numbers of an ECDSA-Sig-Value of P-256, 32 octets each. */
function numbersOf(der: Buffer): [Buffer, Buffer] {
  const lengthOfR = der[3] ?? 0;
  const parts = [der.subarray(4, 4 + lengthOfR), der.subarray(6 + lengthOfR)];
  const [r = Buffer.alloc(0), s = Buffer.alloc(0)] = parts.map((part) =>
    Buffer.concat([Buffer.alloc(32), part]).subarray(-32),
  );
  return [r, s];
}
