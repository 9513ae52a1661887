import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { expect } from 'chai';
import { type CommandIo, UsageError } from '../../server/cli/command.ts';
import { command } from '../../server/cli/sign.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { offlineEvidence } from '../evidence/offline.ts';
import { lockedPdf, USER } from '../pdf/encrypted-files.ts';
import { makeIdentity } from './identities.ts';
import { signatureFacts } from './judges.ts';
import { makeCrl } from './make-crl.ts';
import { makePkcs12 } from './make-pkcs12.ts';
import { samplePdf } from './sample-pdf.ts';

const PIN = 'mã pin của tôi';

describe('anso sign', () => {
  let folder: string;
  let printed: { stdout: string; stderr: string };
  const at = (name: string): string => join(folder, name);
  const root = makeIdentity('rsa-2048', { ca: true, subject: 'Root' });
  const leaf = makeIdentity('rsa-2048', { issuer: root, serial: 5 });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'anso-cli-'));
    printed = { stdout: '', stderr: '' };
    writeFileSync(at('in.pdf'), samplePdf());
    writeFileSync(at('key.p12'), makePkcs12({ keys: [leaf], certificates: [leaf] }, PIN));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function io(
    extra: { env?: Record<string, string>; crls?: Uint8Array[]; usageLog?: string } = {},
  ): CommandIo {
    const into = (name: 'stdout' | 'stderr') =>
      new Writable({
        write: (chunk, _encoding, done) => {
          printed[name] += chunk;
          done();
        },
      });
    return {
      stdout: into('stdout'),
      stderr: into('stderr'),
      stdin: Readable.from([]),
      env: { MY_PIN: PIN, ...extra.env },
      isTTY: false,
      openServices: () => Promise.reject(new Error('no store is needed')),
      trust: () => ({
        current: async () => ({ anchors: [root.der], intermediates: [], crls: extra.crls ?? [] }),
      }),
      evidence: offlineEvidence,
      usageLog: () => extra.usageLog ?? at('usage.ndjson'),
    };
  }
  const key = (): string[] => ['--p12', at('key.p12'), '--pin-env', 'MY_PIN'];
  const lines = (): unknown[] =>
    printed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const events = (): Record<string, unknown>[] =>
    readFileSync(at('usage.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('signs a file and says so in one line of JSON', async () => {
    const argv = [
      at('in.pdf'),
      at('out.pdf'),
      ...key(),
      '--field',
      'ky',
      '--reason',
      'Đồng ý',
      '--rsa',
      'pkcs1',
      '--json',
    ];
    expect(await command.run(argv, io())).to.equal(0);
    expect(lines()).to.deep.equal([{ file: at('in.pdf'), out: at('out.pdf'), code: null, level: 'B-B' }]);
    expect(signatureFacts(readFileSync(at('out.pdf')))[0]).to.include({ field: 'ky', signatureValid: true });
    expect(events().map(({ outcome, channel }) => `${outcome} ${channel}`)).to.deep.equal(['signed cli']);
  });

  it('signs many, each for itself, in their order, and exits 1 when one is refused', async () => {
    mkdirSync(at('more'));
    writeFileSync(at('bad.pdf'), 'no PDF');
    writeFileSync(at('more/in.pdf'), samplePdf());
    const files = ['bad.pdf', 'in.pdf', 'none.pdf', 'more/in.pdf'].map(at);
    expect(await command.run([...files, '--out-dir', at('out'), ...key()], io())).to.equal(1);
    const refused = { out: null, level: null };
    expect(lines()).to.deep.equal([
      { file: files[0], ...refused, code: 'pdf.not_a_pdf' },
      { file: files[1], out: at('out/in.pdf'), code: null, level: 'B-B' },
      { file: files[2], ...refused, code: 'signing.source_missing' },
      { file: files[3], ...refused, code: 'signing.output_taken' },
    ]);
    expect(readdirSync(at('out'))).to.deep.equal(['in.pdf']);
  });

  it('begins no file after a refused one when it is told to stop', async () => {
    const names = Array.from({ length: 12 }, (_, index) => at(`${index}.pdf`));
    for (const name of names) writeFileSync(name, 'no PDF');
    const argv = [...names, '--out-dir', at('out'), '--stop-on-error', ...key()];
    expect(await command.run(argv, io())).to.equal(1);
    const codes = lines().map((line) => (line as { code: string }).code);
    expect(codes[0]).to.equal('pdf.not_a_pdf');
    expect(codes.at(-1)).to.equal('signing.not_tried');
    expect(events().length).to.equal(codes.filter((code) => code === 'pdf.not_a_pdf').length);
  });

  it('certifies, locks, and names the signature that forbids another', async () => {
    const sign = (from: string, to: string, ...more: string[]) =>
      command.run([at(from), at(to), ...key(), '--json', ...more], io());
    expect(await sign('in.pdf', 'a.pdf', '--certify', '2', '--lock', 'so,ngày', '--field', 'một')).to.equal(
      0,
    );
    expect(await sign('a.pdf', 'b.pdf', '--lock', 'except:bốn', '--field', 'hai')).to.equal(0);
    expect(await sign('b.pdf', 'c.pdf', '--field', 'ba')).to.equal(1);
    expect(await sign('b.pdf', 'c.pdf', '--field', 'bốn', '--certify', '3')).to.equal(1);
    expect(await sign('b.pdf', 'c.pdf', '--field', 'bốn', '--lock', 'all')).to.equal(0);
    expect(await sign('in.pdf', 'd.pdf', '--certify', '1', '--field', 'một')).to.equal(0);
    expect(await sign('d.pdf', 'e.pdf')).to.equal(1);
    const refused = lines().filter((line) => (line as { code: unknown }).code !== null);
    expect(
      refused.map((line) => [(line as { code: string }).code, (line as { by: string }).by]),
    ).to.deep.equal([
      ['pdf.field_locked', 'hai'],
      ['pdf.certification_not_first', 'một'],
      ['pdf.changes_forbidden', 'một'],
    ]);
    const [first, second, third] = listSignatures(openPdf(bytesSource(readFileSync(at('c.pdf')))));
    expect(first).to.deep.include({
      docMdp: 2,
      inPerms: true,
      fieldMdp: { action: 'Include', fields: ['so', 'ngày'] },
    });
    expect(second?.fieldMdp).to.deep.equal({ action: 'Exclude', fields: ['bốn'] });
    expect(third?.fieldMdp).to.deep.equal({ action: 'All', fields: [] });
  });

  it('tells people which signature forbids theirs, and what was repaired', async () => {
    await command.run([at('in.pdf'), at('a.pdf'), ...key(), '--certify', '1', '--field', 'một'], io());
    await command.run([at('a.pdf'), at('b.pdf'), ...key()], io());
    expect(printed.stderr).to.contain('signature "một" (pdf.changes_forbidden)');
    writeFileSync(
      at('broken.pdf'),
      samplePdf()
        .toString('latin1')
        .replace(/startxref\s+\d+/, 'startxref 9'),
      'latin1',
    );
    await command.run([at('broken.pdf'), at('whole.pdf'), ...key()], io());
    expect(printed.stdout).to.contain('its structure was damaged (pdf.xref_invalid) and has been repaired');
    printed.stdout = '';
    await command.run([at('broken.pdf'), at('whole.pdf'), ...key(), '--json'], io());
    expect(lines()).to.deep.include.members([
      {
        file: at('broken.pdf'),
        out: at('whole.pdf'),
        code: null,
        level: 'B-B',
        repaired: 'pdf.xref_invalid',
      },
    ]);
  });

  it('asks for a correct --certify and --lock', async () => {
    for (const wrong of [
      ['--certify', '4'],
      ['--certify', ''],
      ['--lock', ''],
      ['--lock', 'a,,b'],
      ['--lock', 'except:'],
    ]) {
      const run = command.run([at('in.pdf'), at('out.pdf'), ...key(), ...wrong], io());
      const error = await run.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error, wrong.join(' ')).to.be.instanceOf(UsageError);
    }
  });

  it('reads the PIN from a file, and refuses a wrong one without repeating it', async () => {
    writeFileSync(at('pin'), `${PIN}\n`);
    const argv = [at('in.pdf'), at('out.pdf'), '--p12', at('key.p12'), '--pin-file', at('pin'), '--json'];
    expect(await command.run(argv, io())).to.equal(0);
    printed.stdout = '';
    writeFileSync(at('pin'), 'wrong-pin-123');
    expect(await command.run(argv, io())).to.equal(1);
    expect(lines()).to.deep.equal([
      { file: at('in.pdf'), out: null, code: 'signing.p12_wrong_passphrase', level: null },
    ]);
    expect(printed.stdout + printed.stderr).to.not.include('wrong-pin-123');
  });

  it('refuses a certificate that a list of the trust folder revokes, and counts the refusal', async () => {
    const crl = makeCrl(root, {
      serials: [5],
      thisUpdate: new Date('2020-01-01'),
      nextUpdate: new Date('2049-01-01'),
    });
    expect(await command.run([at('in.pdf'), at('out.pdf'), ...key()], io({ crls: [crl] }))).to.equal(1);
    expect(printed.stderr).to.include('signing.certificate_revoked');
    expect(events()[0]).to.include({ outcome: 'refused', code: 'signing.certificate_revoked' });
    expect(readdirSync(folder)).to.not.include('out.pdf');
  });

  it('opens encrypted files with the password of an environment variable, and never repeats it', async () => {
    writeFileSync(at('in.pdf'), lockedPdf(6).bytes);
    const argv = [at('in.pdf'), at('out.pdf'), ...key(), '--json'];
    expect(await command.run(argv, io())).to.equal(1);
    expect(lines()[0]).to.include({ code: 'pdf.password_required', out: null });
    const withPassword = [...argv, '--password-env', 'FILE_PASSWORD'];
    printed.stdout = '';
    expect(await command.run(withPassword, io({ env: { FILE_PASSWORD: 'wrong-word' } }))).to.equal(1);
    expect(lines()[0]).to.include({ code: 'pdf.password_wrong', out: null });
    expect(printed.stdout + printed.stderr).to.not.include('wrong-word');
    printed.stdout = '';
    expect(await command.run(withPassword, io({ env: { FILE_PASSWORD: USER } }))).to.equal(0);
    expect(signatureFacts(readFileSync(at('out.pdf')), { password: USER })[0]).to.include({
      signatureValid: true,
    });
  });

  const wrong: readonly [string, () => string[]][] = [
    ['no output', () => [at('in.pdf'), ...key()]],
    ['no key', () => [at('in.pdf'), at('out.pdf'), '--pin-env', 'MY_PIN']],
    ['no PIN', () => [at('in.pdf'), at('out.pdf'), '--p12', at('key.p12')]],
    ['two PINs', () => [at('in.pdf'), at('out.pdf'), ...key(), '--pin-file', at('pin')]],
    [
      'a variable that is not set',
      () => [at('in.pdf'), at('out.pdf'), '--p12', at('key.p12'), '--pin-env', 'NONE'],
    ],
    [
      'a key file that is not there',
      () => [at('in.pdf'), at('out.pdf'), '--p12', at('none'), '--pin-env', 'MY_PIN'],
    ],
    [
      'a password variable that is not set',
      () => [at('in.pdf'), at('out.pdf'), ...key(), '--password-env', 'NONE'],
    ],
    ['an unknown digest', () => [at('in.pdf'), at('out.pdf'), ...key(), '--digest', 'crc32']],
    ['an unknown padding', () => [at('in.pdf'), at('out.pdf'), ...key(), '--rsa', 'oaep']],
    ['an unknown option', () => [at('in.pdf'), at('out.pdf'), ...key(), '--pin', '1234']],
  ];
  for (const [name, argv] of wrong) {
    it(`takes ${name} for a wrong command line`, async () => {
      const error = await command.run(argv(), io()).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(UsageError);
      expect(String(error)).to.not.include(PIN);
    });
  }

  it('goes on after a folder, and lets nothing out that it cannot count', async () => {
    expect(await command.run([folder, at('in.pdf'), '--out-dir', at('out'), ...key()], io())).to.equal(1);
    expect(lines().map((line) => (line as { code: unknown }).code)).to.deep.equal([
      'signing.source_missing',
      null,
    ]);
    printed.stdout = '';
    const uncounted = io({ usageLog: at('none/usage.ndjson') });
    expect(await command.run([at('in.pdf'), at('out.pdf'), ...key(), '--json'], uncounted)).to.equal(1);
    expect(lines()[0]).to.include({ code: 'signing.not_counted', out: null });
    expect(readdirSync(folder)).to.not.include('out.pdf');
  });

  it('signs with the digest it is told, and refuses one that proves nothing', async () => {
    const argv = [at('in.pdf'), at('out.pdf'), ...key(), '--json', '--digest'];
    expect(await command.run([...argv, 'sha3-512'], io())).to.equal(0);
    expect(signatureFacts(readFileSync(at('out.pdf')))[0]).to.include({ signatureHash: 'SHA3-512' });
    printed.stdout = '';
    expect(await command.run([...argv, 'sha1'], io())).to.equal(1);
    expect(lines()[0]).to.include({ code: 'signing.algorithm_refused', out: null });
  });

  it('refuses a level that needs time stamps when nobody gives them, and knows no other levels', async () => {
    const argv = (level: string) => [at('in.pdf'), at('out.pdf'), ...key(), '--level', level, '--json'];
    expect(await command.run(argv('B-T'), io())).to.equal(1);
    expect(lines()[0]).to.include({ code: 'evidence.no_authority' });
    expect(await command.run(argv('B-X'), io()).catch((error: unknown) => error)).to.be.instanceOf(
      UsageError,
    );
  });
});
