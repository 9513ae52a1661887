import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { expect } from 'chai';
import { type CommandIo, UsageError } from '../../../server/cli/command.ts';
import { command as signCommand } from '../../../server/cli/sign.ts';
import { command as tokensCommand } from '../../../server/cli/tokens.ts';
import type { Certificate } from '../../../server/pki/certificate.ts';
import { offlineEvidence } from '../../evidence/offline.ts';
import { signatureFacts } from '../judges.ts';
import { samplePdf } from '../sample-pdf.ts';
import { missingSofthsm, PIN, SoftHsm, softhsmModule } from './softhsm.ts';

describe(`anso with a token${missingSofthsm}`, () => {
  let hsm: SoftHsm;
  let certificates: Certificate[];
  let folder: string;
  let printed: { stdout: string; stderr: string };
  const at = (name: string): string => join(folder, name);

  before(function () {
    if (missingSofthsm) return this.skip();
    hsm = new SoftHsm();
    certificates = hsm.token('van-thu', ['rsa-2048', 'p-256']);
  });
  after(() => {
    if (!missingSofthsm) hsm.remove();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'anso-token-cli-'));
    printed = { stdout: '', stderr: '' };
    writeFileSync(at('in.pdf'), samplePdf());
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const into = (name: 'stdout' | 'stderr') =>
    new Writable({
      write: (chunk, _encoding, done) => {
        printed[name] += chunk;
        done();
      },
    });
  const io = (pin = PIN): CommandIo => ({
    stdout: into('stdout'),
    stderr: into('stderr'),
    stdin: Readable.from([]),
    env: { TOKEN_PIN: pin },
    isTTY: false,
    openServices: () => Promise.reject(new Error('no store is needed')),
    trust: () => ({ current: async () => ({ anchors: [], intermediates: [], crls: [] }) }),
    evidence: offlineEvidence,
    usageLog: () => at('usage.ndjson'),
  });
  const key = (...more: string[]): string[] => ['--pkcs11', softhsmModule, '--pin-env', 'TOKEN_PIN', ...more];
  const lines = () =>
    printed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('lists tokens with the fingerprints of their certificates', async () => {
    expect(await tokensCommand.run(['--pkcs11', softhsmModule], io())).to.equal(0);
    for (const { fingerprint } of certificates) expect(printed.stdout).to.include(fingerprint);
    expect(printed.stdout).to.match(/^van-thu {2}serial \w+/m);
    printed.stdout = '';
    expect(await tokensCommand.run(['--pkcs11', softhsmModule, '--json'], io())).to.equal(0);
    const [token] = lines().filter(({ label }) => label === 'van-thu');
    const subjects = token.certificates.map(({ subject }: { subject: string }) => subject);
    expect(subjects).to.have.members(['CN=Nguyễn Văn A rsa-2048', 'CN=Nguyễn Văn A p-256']);
  });

  it('signs many files by one PIN, and counts each', async () => {
    writeFileSync(at('bad.pdf'), 'no PDF');
    writeFileSync(at('two.pdf'), samplePdf());
    const files = ['in.pdf', 'bad.pdf', 'two.pdf'].map(at);
    const which = ['--token', 'van-thu', '--certificate', certificates[0]?.fingerprint.toUpperCase() ?? ''];
    expect(await signCommand.run([...files, '--out-dir', at('out'), ...key(...which)], io())).to.equal(1);
    expect(lines().map(({ code }) => code)).to.deep.equal([null, 'pdf.not_a_pdf', null]);
    expect(signatureFacts(readFileSync(at('out/two.pdf')))[0]).to.include({ signatureValid: true });
    expect(readFileSync(at('usage.ndjson'), 'utf8').trim().split('\n')).to.have.length(3);
  });

  it('refuses a wrong PIN for all files without repeating it, and tries it once', async () => {
    const argv = [
      at('in.pdf'),
      at('in.pdf'),
      '--out-dir',
      at('out'),
      ...key('--certificate', certificates[1]?.fingerprint ?? ''),
    ];
    expect(await signCommand.run(argv, io('sai-pin-99'))).to.equal(1);
    expect(lines().map(({ code }) => code)).to.deep.equal(['signing.wrong_pin', 'signing.wrong_pin']);
    expect(printed.stdout + printed.stderr).to.not.include('sai-pin-99');
    expect(readdirSync(at('out'))).to.deep.equal([]);
  });

  it('asks which certificate is meant, and names them', async () => {
    expect(await signCommand.run([at('in.pdf'), at('out.pdf'), ...key()], io())).to.equal(1);
    expect(printed.stderr).to.include('signing.token_several_certificates');
    for (const { fingerprint } of certificates) expect(printed.stderr).to.include(fingerprint);
  });

  const wrong: readonly [string, string[]][] = [
    ['a file and a token', ['--p12', 'key.p12']],
    ['two PINs', ['--pin-file', 'pin']],
  ];
  for (const [name, more] of wrong) {
    it(`takes ${name} for a wrong command line`, async () => {
      const error = await signCommand
        .run([at('in.pdf'), at('out.pdf'), ...key(...more)], io())
        .catch((e: unknown) => e);
      expect(error).to.be.instanceOf(UsageError);
    });
  }
});
