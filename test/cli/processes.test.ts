import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { command } from '../../server/cli/processes.ts';
import { silentLogger } from '../../server/platform/services.ts';
import { approveVersion } from '../../server/processes/approve-version.ts';
import { publishedSchema } from '../../server/processes/published-schema.ts';
import { openProcesses } from '../../server/processes/repository.ts';
import { reviewVersion } from '../../server/processes/review-version.ts';
import { submitDraft } from '../../server/processes/submit-draft.ts';
import { offlineEvidence } from '../evidence/offline.ts';
import { type Fixture, openApp } from '../http/app-fixture.ts';
import { definitionWith } from '../processes/sample-definition.ts';
import { author, colleague, head } from '../processes/world.ts';

describe('anso processes', () => {
  let app: Fixture;
  let folder: string;

  before(async () => {
    app = await openApp();
    folder = await mkdtemp(join(tmpdir(), 'anso-cli-processes-'));
  });
  after(async () => {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const code = await command.run(argv, {
      stdout,
      stderr,
      stdin: new PassThrough(),
      env: {},
      isTTY: false,
      openServices: async () => ({ ...services(), store: app.store }),
      evidence: offlineEvidence,
      usageLog: () => undefined,
      trust: () => {
        throw new Error('no trust is needed');
      },
    });
    return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
  }
  const services = () => ({
    store: app.store,
    clock: app.clock,
    newId: app.app.accounts.newId,
    logger: silentLogger,
    limits: { uploadBytes: 1, jsonBytes: 1, temporaryFolder: folder },
  });

  it('lint finds nothing in what ships', async () => {
    const { code, out } = await run('lint');
    expect(code).to.equal(0);
    expect(out.match(/nothing to say/g)).to.have.length(3);
  });

  it('lint names file, place and rule of what is wrong, a line of JSON each when asked', async () => {
    await mkdir(join(folder, 'QT.X'));
    await writeFile(join(folder, 'QT.X', '1.json'), JSON.stringify(definitionWith({ terms: [] })));
    await writeFile(join(folder, 'QT.X', '2.json'), '{');
    const { code, out } = await run('lint', '--json', folder);
    expect(code).to.equal(1);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ ok, findings }) => [ok, findings[0].rule, findings[0].path])).to.deep.equal([
      [false, 'sections-filled', '/terms'],
      [false, 'processes.not_json', '/'],
    ]);
    const text = await run('lint', join(folder, 'QT.X', '1.json'));
    expect(text.out).to.match(/error \/terms: Mục này của quy trình đang để trống/);
  });

  it('says 66 when there is no such file', async () => {
    expect(await run('lint', join(folder, 'nothing'))).to.include({ code: 66, out: '' });
  });

  it('imports what ships, and exports what is in effect', async () => {
    const first = await run('import', '--agency', 'H12.15', '--json');
    expect(first.code, first.out).to.equal(0);
    expect(first.out.match(/"added"/g)).to.have.length(3);
    expect((await run('import', '--agency', 'H12.15', '--json')).out.match(/"present"/g)).to.have.length(3);

    const deps = await openProcesses(services(), { agency: async () => undefined });
    const version = { code: 'QT.VT.01', version: 1 };
    const here = { agencyId: app.agency.id };
    await submitDraft(deps, { ...author, ...here }, version);
    await reviewVersion(deps, { ...colleague, ...here }, version);
    await approveVersion(deps, { ...head, ...here }, version);

    const out = join(folder, 'out');
    const exported = await run('export', '--agency', 'H12.15', '--out', out, '--json');
    expect(exported.out.trim().split('\n')).to.have.length(1);
    const text = await readFile(join(out, 'QT.VT.01', '1.json'), 'utf8');
    expect(JSON.parse(text)).to.deep.equal(definitionWith());
  });

  it('refuses a file that a version number already belongs to', async () => {
    const other = join(folder, '1.json');
    await writeFile(other, JSON.stringify(definitionWith({ fee: { vi: 'Khác' } })));
    const { code, out } = await run('import', '--agency', 'H12.15', other);
    expect(code).to.equal(1);
    expect(out).to.match(/refused \(processes.version_taken\)/);
  });

  it('prints the schema', async () => {
    expect((await run('schema')).out).to.equal(publishedSchema());
  });

  it('asks for a correct command line', async () => {
    for (const argv of [
      [],
      ['dance'],
      ['import'],
      ['export', '--agency', 'H12.15'],
      ['import', '--agency', 'X1'],
    ]) {
      const message = await run(...argv).catch((error: Error) => error.constructor.name);
      expect(message, argv.join(' ')).to.equal('UsageError');
    }
  });
});
