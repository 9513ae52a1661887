import { Readable } from 'node:stream';
import { expect } from 'chai';
import type { CommandIo } from '../../server/cli/command.ts';
import { runCli } from '../../server/cli/main.ts';
import { commands } from '../../server/commands.ts';
import { CodedError } from '../../server/errors/coded-error.ts';
import { offlineEvidence } from '../evidence/offline.ts';
import { memory } from '../http/memory-stream.ts';

describe('the command line', () => {
  const noStore = () => {
    throw new Error('this needs no store');
  };
  async function run(argv: string[], table = commands): Promise<{ code: number; out: string; err: string }> {
    const stdout = memory();
    const stderr = memory();
    const io: CommandIo = {
      stdout,
      stderr,
      stdin: Readable.from([]),
      env: {},
      isTTY: false,
      openServices: noStore,
      trust: noStore,
      evidence: offlineEvidence,
      usageLog: noStore,
    };
    const code = await runCli(table, argv, io, '1.2.3');
    return { code, out: stdout.text(), err: stderr.text() };
  }
  const throwing = (error: unknown) => ({
    fails: {
      summary: 'fails',
      load: async () => ({
        name: 'fails',
        summary: 'fails',
        usage: 'anso fails',
        run: () => Promise.reject(error),
      }),
    },
  });

  it('exits 64 without a command, with an unknown one, and with a wrong option', async () => {
    expect(await run([])).to.include({ code: 64, out: '' });
    for (const argv of [
      ['frobnicate'],
      ['toString'],
      ['audit', '--what'],
      ['audit'],
      ['account', 'create'],
      // Options that were once passed over in silence.
      ['start', '--port', '3000'],
      ['config', 'chekc'],
      ['verify', '--lang', 'fr', 'signed.pdf'],
    ]) {
      const { code, out, err } = await run(argv);
      expect(code, argv.join(' ')).to.equal(64);
      expect(out).to.equal('');
      expect(err).to.match(/^anso.*--help\n$/);
    }
  });

  it('prints its version, and help for itself and for each command', async () => {
    expect(await run(['--version'])).to.deep.equal({ code: 0, out: '1.2.3\n', err: '' });
    const help = await run(['--help']);
    for (const [name, { summary, load }] of Object.entries(commands)) {
      expect(help.out).to.contain(`${name} `).and.to.contain(summary);
      const command = await load();
      expect(command).to.include({ name, summary });
      expect((await run([name, '--help'])).out, name).to.equal(`${command.usage}\n`);
      expect(command.usage)
        .to.match(new RegExp(`^anso ${name}`))
        .and.to.contain('Exit codes');
    }
  });

  it('says a refusal in one line with its code, and a fault of ours with where it happened', async () => {
    const refused = await run(['fails'], throwing(new CodedError('x.refused', 'not today')));
    expect(refused).to.deep.equal({ code: 1, out: '', err: 'anso fails: not today (x.refused)\n' });
    const fault = await run(['fails'], throwing(new TypeError('undefined is not a function')));
    expect(fault.code).to.equal(70);
    expect(fault.err).to.contain('TypeError').and.to.contain('frame.test.ts');
  });
});
