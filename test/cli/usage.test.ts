import { Writable } from 'node:stream';
import { expect } from 'chai';
import { importIssuedList } from '../../server/certificates/import-issued-list.ts';
import { readIssuedList } from '../../server/certificates/issued-list.ts';
import { UsageError } from '../../server/cli/command.ts';
import { command } from '../../server/cli/usage.ts';
import { silentLogger } from '../../server/platform/services.ts';
import { administrator, openWorld, type World } from '../certificates/world.ts';
import { offlineEvidence } from '../evidence/offline.ts';

const list = `Kind,Holder,Agency code,Serial,Issuer,Valid from,Valid to,SHA-256
organization,Ủy ban nhân dân xã,H99.1,01,CA,2025-01-01,2029-12-31,${'a'.repeat(64)}
person,Trần Văn A,H99.1,02,CA,2025-01-01,2029-12-31,${'b'.repeat(64)}
`;

describe('anso usage', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    await importIssuedList(world.deps, administrator, readIssuedList(list));
    await world.deps.store.usage.record(
      ['2026-06-01', '2026-06-02', '2026-06-03'].map((day) => ({
        id: world.deps.newId(),
        certificate: 'a'.repeat(64),
        time: `${day}T03:00:00.000Z`,
        outcome: 'signed',
        channel: 'server',
      })),
    );
  });
  afterEach(() => world.close());

  async function run(...argv: string[]): Promise<string> {
    let text = '';
    const stdout = new Writable({
      write: (chunk, _, done) => {
        text += String(chunk);
        done();
      },
    });
    const { store, clock, newId } = world.deps;
    const limits = { uploadBytes: 1, jsonBytes: 1, temporaryFolder: '' };
    await command.run(argv, {
      stdout,
      stderr: stdout,
      stdin: process.stdin,
      env: {},
      isTTY: false,
      openServices: async () => ({ store, clock, newId, limits, logger: silentLogger }),
      evidence: offlineEvidence,
      usageLog: () => undefined,
      trust: () => {
        throw new Error('no trust is needed');
      },
    });
    return text;
  }

  it('prints the figures as one line of JSON', async () => {
    const text = await run('--json');
    expect(text.split('\n')).to.have.lengthOf(2);
    expect(JSON.parse(text)).to.include({ issued: 2, organization: 1, personal: 1, regular: 1, rate: 50 });
  });

  it('prints one line for each certificate', async () => {
    const lines = (await run('--certificates')).trimEnd().split('\n');
    const groups = lines.map((line) => JSON.parse(line)).map(({ holderKind, group }) => [holderKind, group]);
    expect(groups).to.have.deep.members([
      ['organization', 'regular'],
      ['person', 'never'],
    ]);
  });

  it('takes kind, day and rule', async () => {
    expect(JSON.parse(await run('--json', '--kind', 'person'))).to.include({ issued: 1, regular: 0 });
    expect(JSON.parse(await run('--json', '--as-of', '2026-06-02'))).to.include({ regular: 0 });
    expect(JSON.parse(await run('--json', '--as-of', '2026-06-02', '--minimum-days', '2'))).to.include({
      regular: 1,
    });
  });

  it('prints a table with the rule on it', async () => {
    expect(await run())
      .to.include('Regular use: signatures on at least 3')
      .and.include('50.00 %');
  });

  for (const argv of [
    ['--kind', 'dog'],
    ['--as-of', 'today'],
    ['--minimum-days', 'x'],
    ['more'],
    ['--agency', 'H77'],
  ]) {
    it(`refuses ${argv.join(' ')} as a wrong command line`, async () => {
      const problem = await run(...argv).catch((error: unknown) => error);
      expect(problem).to.be.instanceOf(UsageError);
    });
  }
});
