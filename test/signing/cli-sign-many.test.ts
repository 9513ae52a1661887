import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { expect } from 'chai';
import { type CommandIo, UsageError } from '../../server/cli/command.ts';
import { command } from '../../server/cli/sign.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import { newId } from '../../server/platform/ids.ts';
import { offlineEvidence } from '../evidence/offline.ts';
import { makeIdentity } from './identities.ts';
import { signatureFacts } from './judges.ts';
import { makePkcs12 } from './make-pkcs12.ts';
import { samplePdf } from './sample-pdf.ts';

const PIN = 'mã pin';

describe('anso sign FILE... --out-dir DIR', () => {
  let folder: string;
  let printed: { stdout: string; stderr: string };
  const at = (name: string): string => join(folder, name);
  const out = (name: string): string => join(folder, 'out', name);
  const journal = (): string => out('.anso-sign.journal');
  const names = Array.from({ length: 8 }, (_, index) => `${index + 1}.pdf`);
  const signer = makeIdentity('p-256', { subject: 'Nguyễn Văn An' });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'anso-many-'));
    for (const name of names) writeFileSync(at(name), samplePdf({ size: 100 }));
    writeFileSync(at('key.p12'), makePkcs12({ keys: [signer], certificates: [signer] }, PIN));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function run(options: readonly string[] = [], terminal?: string): Promise<number> {
    printed = { stdout: '', stderr: '' };
    const into = (name: 'stdout' | 'stderr') =>
      new Writable({
        write: (chunk, _encoding, done) => {
          printed[name] += chunk;
          done();
        },
      });
    const io: CommandIo = {
      stdout: into('stdout'),
      stderr: into('stderr'),
      stdin: Readable.from(terminal === undefined ? [] : [terminal]),
      env: { MY_PIN: PIN },
      isTTY: terminal !== undefined,
      openServices: () => Promise.reject(new Error('no store is needed')),
      trust: () => ({ current: async () => ({ anchors: [], intermediates: [], crls: [] }) }),
      usageLog: () => at('usage.ndjson'),
      evidence: offlineEvidence,
    };
    const key = ['--p12', at('key.p12'), '--pin-env', 'MY_PIN'];
    return command.run([...names.map(at), '--out-dir', at('out'), ...key, ...options], io);
  }
  const codes = (): unknown[] =>
    printed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).code);
  const uses = (): Set<string> =>
    new Set(
      readFileSync(at('usage.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .filter(({ outcome }) => outcome === 'signed')
        .map(({ id }) => id),
    );
  const thrown = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );
  /** A journal as a kill leaves it behind: its head and those lines. */
  const leftBehind = (...lines: object[]): void => {
    mkdirSync(at('out'), { recursive: true });
    const { fingerprint } = parseCertificate(signer.der);
    const head = { journal: 1, id: newId(), certificate: fingerprint };
    writeFileSync(journal(), [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''));
  };

  it('says first what will be done and with which certificate, and last what became of it', async () => {
    writeFileSync(at('2.pdf'), 'no PDF');
    expect(await run()).to.equal(1);
    const [first, second] = printed.stderr.split('\n');
    expect(first).to.match(/^8 files, 0\.0 MB, to be signed at B-B into /);
    expect(second).to.include('Nguyễn Văn An').and.include('2050-01-01');
    expect(printed.stderr)
      .to.match(/^signed +7$/m)
      .and.match(/^pdf\.not_a_pdf +1$/m);
    expect(codes()).to.deep.equal([null, 'pdf.not_a_pdf', ...Array(6).fill(null)]);
    expect(existsSync(journal())).to.equal(false);
  });

  it('asks at a terminal, and signs nothing without a yes', async () => {
    expect(await thrown(run([], 'n\n'))).to.be.instanceOf(UsageError);
    expect(readdirSync(at('out'))).to.deep.equal([]);
    expect(await run([], 'y\n')).to.equal(0);
    expect(await run(['--yes'], '')).to.equal(0);
  });

  it('takes up a run that stopped: what is signed is not signed again, what was refused is tried again', async () => {
    writeFileSync(at('1.pdf'), 'no PDF');
    await run(['--stop-on-error']);
    expect(codes()).to.include('signing.not_tried').and.include('pdf.not_a_pdf');
    expect(await thrown(run())).to.be.instanceOf(UsageError);
    const before = names.filter((name) => existsSync(out(name))).map((name) => statSync(out(name)).mtimeMs);
    const signedBefore = names.filter((name) => existsSync(out(name)));
    writeFileSync(at('1.pdf'), samplePdf());
    expect(await run(['--resume'])).to.equal(0);
    expect(signedBefore.map((name) => statSync(out(name)).mtimeMs)).to.deep.equal(before);
    expect(uses()).to.have.length(8);
    expect(existsSync(journal())).to.equal(false);
  });

  it('finds out whether a file was signed when the run was killed before it could say', async () => {
    await run();
    const kept = readFileSync(out('2.pdf'));
    rmSync(at('out'), { recursive: true });
    rmSync(at('usage.ndjson'));
    leftBehind(...names.map((name) => ({ begun: at(name), size: statSync(at(name)).size })));
    // Signed and not yet said; another file of that name; nothing there; and a last line that was cut short.
    writeFileSync(out('2.pdf'), kept);
    writeFileSync(out('3.pdf'), samplePdf({ size: 5000 }));
    appendFileSync(journal(), '{"file":"4.p');
    expect(await run(['--resume'])).to.equal(0);
    expect(readFileSync(out('2.pdf'))).to.deep.equal(kept);
    expect(uses()).to.have.length(7);
    for (const name of names) expect(signatureFacts(readFileSync(out(name)))).to.have.length(1);
  });

  it('loses nothing of what it writes behind a line that was cut short', async () => {
    writeFileSync(at('1.pdf'), 'no PDF');
    leftBehind();
    appendFileSync(journal(), '{"file":"4.p');
    await run(['--resume', '--stop-on-error']);
    const lines = readFileSync(journal(), 'utf8').trim().split('\n').slice(1);
    expect(lines.filter((line) => !line.endsWith('}'))).to.deep.equal(['{"file":"4.p']);
    expect(lines.filter((line) => line.startsWith('{"begun":'))).to.not.deep.equal([]);
    const told = lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line));
    const begun = told.map((line) => line.begun).filter(Boolean);
    for (const { file } of told) if (file !== undefined) expect(begun).to.include(file);
  });

  it('counts a use under the same id when the run was killed between the key and the file', async () => {
    leftBehind();
    const kept = readFileSync(journal());
    await run(['--resume']);
    const first = uses();
    for (const name of names) rmSync(out(name));
    writeFileSync(journal(), kept);
    await run(['--resume']);
    expect([...uses()].sort()).to.deep.equal([...first].sort());
  });

  it('is locked to the certificate it began with', async () => {
    leftBehind();
    const other = makeIdentity('rsa-2048', { subject: 'Người khác' });
    writeFileSync(at('key.p12'), makePkcs12({ keys: [other], certificates: [other] }, PIN));
    const error = await thrown(run(['--resume']));
    expect(error)
      .to.be.instanceOf(UsageError)
      .and.have.property('message')
      .that.includes('another certificate');
  });

  it('refuses a journal that is none, and to resume without a folder', async () => {
    await run();
    writeFileSync(journal(), '{"some":"thing"}\n');
    expect(await thrown(run(['--resume']))).to.be.instanceOf(UsageError);
  });
});
