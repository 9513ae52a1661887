import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { expect } from 'chai';
import { type CommandIo, UsageError } from '../../server/cli/command.ts';
import { command } from '../../server/cli/verify.ts';
import { offlineEvidence } from '../evidence/offline.ts';
import { lockedPdf, USER } from '../pdf/encrypted-files.ts';
import { agency, crl, formObjects, formPdf, N, root, signed, stream, updated } from './files.ts';

describe('anso verify', () => {
  let folder: string;
  let printed: string;
  const at = (name: string): string => join(folder, name);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'anso-verify-'));
    const good = await signed(formPdf(), undefined, { field: 'ky' });
    mkdirSync(at('all/below'), { recursive: true });
    writeFileSync(at('root.pem'), root.pem);
    writeFileSync(at('list.crl'), crl());
    writeFileSync(at('all/a.pdf'), good);
    writeFileSync(at('all/below/b.PDF'), await signed(good, agency, { field: 'dau' }));
    writeFileSync(at('all/notes.txt'), 'no PDF');
    writeFileSync(at('changed.pdf'), updated(good, { 4: stream('BT (Khac) Tj ET') }));
    writeFileSync(at('plain.pdf'), formPdf());
    writeFileSync(at('broken.pdf'), 'not a PDF');
    writeFileSync(at('locked.pdf'), await signed(lockedPdf(6).bytes, undefined, { password: USER }));
    // CSI as one character: text strings have a meaning of their own for ESC.
    const field = 'a\u009b2Jb';
    const named = formPdf({
      [N.sign]:
        formObjects[N.sign]?.replace(
          '(ky)',
          `<FEFF${Buffer.from(field, 'utf16le').swap16().toString('hex')}>`,
        ) ?? '',
    });
    writeFileSync(at('evil.pdf'), await signed(named, undefined, { field }));
  });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    printed = '';
  });

  const io: CommandIo = {
    stdout: new Writable({
      write: (chunk, _encoding, done) => {
        printed += chunk;
        done();
      },
    }),
    stderr: new Writable({ write: (_chunk, _encoding, done) => done() }),
    stdin: Readable.from([]),
    env: { FILE_PASSWORD: USER, WRONG: 'x' },
    isTTY: false,
    openServices: () => Promise.reject(new Error('no store is needed')),
    trust: () => ({ current: async () => ({ anchors: [], intermediates: [], crls: [] }) }),
    evidence: offlineEvidence,
    usageLog: () => undefined,
  };
  const run = (...argv: string[]): Promise<number> =>
    command.run(['--at', '2026-06-01T00:00:00Z', ...argv], io);
  const trusting = () => ['--trust', at('root.pem'), '--crl', at('list.crl')];
  const lines = () =>
    printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('opens encrypted files with the password of an environment variable', async () => {
    const judge = async (...argv: string[]): Promise<unknown[]> => {
      printed = '';
      const status = await run('--json', ...trusting(), ...argv, at('locked.pdf'));
      return [status, lines()[0].verdict, lines()[0].code];
    };
    expect(await judge()).to.deep.equal([3, 'unreadable', 'pdf.password_required']);
    expect(await judge('--password-env', 'WRONG')).to.deep.equal([3, 'unreadable', 'pdf.password_wrong']);
    expect(await judge('--password-env', 'FILE_PASSWORD')).to.deep.equal([0, 'valid', null]);
    const error = await run('--password-env', 'NONE', at('locked.pdf')).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UsageError);
  });

  it('prints one line a file with exactly what programs rely on', async () => {
    expect(await run('--json', ...trusting(), at('all/a.pdf'))).to.equal(0);
    expect(lines()).to.deep.equal([
      {
        file: at('all/a.pdf'),
        verdict: 'valid',
        documentIntegrity: 'intact',
        code: null,
        signatures: [
          {
            field: 'ky',
            kind: 'signature',
            integrity: 'intact',
            coverage: 'whole-file',
            modifications: 'none',
            permitted: true,
            trust: 'trusted',
            indication: 'TOTAL_PASSED',
            subIndication: null,
            level: 'B-B',
            signer: 'Nguyễn Văn A',
            issuer: 'Root',
            signingTime: '2026-05-31T00:00:00.000Z',
          },
        ],
      },
    ]);
  });

  it('takes a folder for all PDF files below it', async () => {
    expect(await run('--json', ...trusting(), at('all'))).to.equal(0);
    expect(lines().map(({ file }) => file)).to.deep.equal([at('all/a.pdf'), at('all/below/b.PDF')]);
  });

  const exits: readonly (readonly [string, readonly string[], boolean, number])[] = [
    ['a changed file', ['all/a.pdf', 'changed.pdf'], true, 1],
    ['a signer nobody vouches for', ['all/a.pdf'], false, 2],
    ['a file without signature', ['all/a.pdf', 'plain.pdf'], true, 3],
    ['a file that is no PDF', ['broken.pdf'], true, 3],
    ['a file that is not there', ['nowhere.pdf'], true, 3],
    ['a changed file among unreadable ones', ['broken.pdf', 'changed.pdf'], true, 1],
  ];
  for (const [what, files, trust, code] of exits) {
    it(`exits ${code} for ${what}`, async () => {
      expect(await run('--json', ...(trust ? trusting() : []), ...files.map(at))).to.equal(code);
    });
  }

  it('tells a person what it is, why, and what to do, in either language', async () => {
    await run(at('all/a.pdf'));
    expect(printed)
      .to.include('KHÔNG ĐỦ CĂN CỨ')
      .and.include('Việc cần làm')
      .and.include('31/05/2026 07:00:00');
    printed = '';
    await run('--lang', 'en', ...trusting(), at('changed.pdf'));
    expect(printed).to.include('NOT VALID').and.include('changed in a way that is not permitted');
  });

  it('lets nothing of a file command the terminal', async () => {
    await run(at('evil.pdf'));
    expect(printed)
      .to.match(/a.?2Jb/)
      .and.not.match(/(?!\n)\p{Cc}/u);
  });

  it('gives the whole report when asked for it', async () => {
    await run('--json', '--report', ...trusting(), at('all/a.pdf'));
    expect(lines()[0].signatures[0].fields.signer).to.equal('Nguyễn Văn A');
  });

  for (const argv of [
    [],
    ['--at', 'soon', 'x.pdf'],
    ['--trust', '/nowhere.pem', 'x.pdf'],
    ['--what', 'x.pdf'],
  ]) {
    it(`refuses the command line "${argv.join(' ')}"`, async () => {
      const refused = await command.run(argv, io).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(UsageError);
    });
  }
});
