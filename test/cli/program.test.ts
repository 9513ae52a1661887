import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';

const BIN = join(import.meta.dirname, '../../server/anso.js');

/** The real program, from its entry point, in a data folder of its own. */
describe('the program', () => {
  let folder: string;
  let running: ChildProcessWithoutNullStreams[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'anso-program-'));
    running = [];
  });
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const environment = (changes: object = {}) => ({
    PATH: process.env.PATH,
    ANSO_DATA_DIR: folder,
    ANSO_PORT: '0',
    ANSO_LOG_LEVEL: 'silent',
    ...changes,
  });
  const run = (argv: string[], changes: object = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...argv], {
      env: environment(changes),
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  async function start(): Promise<{ child: ChildProcessWithoutNullStreams; origin: string; token: string }> {
    const child = spawn(process.execPath, [BIN, 'start'], { env: environment() });
    running.push(child);
    let origin = '';
    for await (const line of createInterface({ input: child.stdout })) {
      origin = /listens on (\S+)/.exec(line)?.[1] ?? origin;
      const token = /\/setup#(\S+)/.exec(line)?.[1];
      if (token !== undefined) return { child, origin, token };
    }
    throw new Error('the server printed no link');
  }

  it('exits 78 with every problem of the configuration', () => {
    const { status, stderr } = run(['start'], { ANSO_PORT: 'x', ANSO_SESSION_HOURS: '0' });
    expect(status).to.equal(78);
    expect(stderr).to.contain('ANSO_PORT').and.to.contain('ANSO_SESSION_HOURS');
  });

  it('says in one line that its port is taken, without a stack trace', async () => {
    const { origin } = await start();
    const elsewhere = { ANSO_DATA_DIR: join(folder, 'second'), ANSO_PORT: new URL(origin).port };
    const { status, stderr } = run(['start'], elsewhere);
    expect(status).to.equal(1);
    expect(stderr).to.match(
      /^anso start: cannot listen on .* \(EADDRINUSE\).*\(platform\.cannot_listen\)\n$/,
    );
  });

  it('exits 78 when others may read the key', () => {
    writeFileSync(join(folder, 'server.key'), Buffer.alloc(32).toString('base64'), { mode: 0o644 });
    const { status, stderr } = run(['start']);
    expect(status).to.equal(78);
    expect(stderr).to.contain('chmod 600');
  });

  it('starts with nothing set, prints a one-time link that works, and stops in order', async () => {
    const { child, origin, token } = await start();
    expect(statSync(join(folder, 'server.key')).mode & 0o777).to.equal(0o600);
    expect((await fetch(`${origin}/readyz`)).status).to.equal(200);
    const answer = await fetch(`${origin}/api/v1/setup`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin },
      body: JSON.stringify({
        token,
        agency: { code: 'H12', name: 'UBND tỉnh', notation: 'UBND', place: 'Cà Mau' },
        login: 'quantri',
        name: 'Nguyễn Văn A',
        password: 'Mật-khẩu-1',
      }),
    });
    expect(answer.status).to.equal(201);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
    const { status, stdout } = run(['audit', 'verify', '--json']);
    expect(status).to.equal(0);
    expect(JSON.parse(stdout).entries).to.be.at.least(3);
  });

  it('does not run twice on one data folder, and leaves no lock behind when it is killed', async () => {
    const { child } = await start();
    const second = run(['start']);
    expect(second.status).to.equal(1);
    expect(second.stderr).to.contain('platform.data_folder_in_use');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const third = await start();
    third.child.kill('SIGTERM');
    expect(await once(third.child, 'exit')).to.deep.equal([0, null]);
  });

  it('makes accounts while the server runs or not, with a password that is never on the command line', () => {
    const argv = ['account', 'create', '--login', 'vanthu', '--name', 'Văn thư', '--role', 'clerk'];
    const agency = [
      '--agency-code',
      'H12.15',
      '--agency-name',
      'Sở',
      '--agency-notation',
      'S',
      '--agency-place',
      'X',
    ];
    const withPassword = ['--password-env', 'THE_PASSWORD'];
    expect(
      run([...argv, '--agency-code', 'H12.15', ...withPassword], { THE_PASSWORD: 'Mật-khẩu-1' }).status,
    ).to.equal(1);
    expect(run([...argv, ...agency, ...withPassword], { THE_PASSWORD: 'weak' }).stderr).to.contain(
      'weak_password',
    );
    expect(run([...argv, ...agency, ...withPassword]).status).to.equal(64);
    expect(run([...argv, ...agency]).stderr).to.contain('no terminal');
    expect(run([...argv, ...agency, ...withPassword], { THE_PASSWORD: 'Mật-khẩu-1' }).status).to.equal(0);
    const again = run([...argv, ...agency, ...withPassword], { THE_PASSWORD: 'Mật-khẩu-1' });
    expect(again.stderr).to.contain('accounts.login_taken');
    expect(
      run([...argv.slice(0, -1), 'king', ...agency, ...withPassword], { THE_PASSWORD: 'x' }).status,
    ).to.equal(64);
  });

  it('says in one line what to do on an older Node', function () {
    const old = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path) && isOld(path));
    if (old === undefined) return this.skip();
    const copy = join(folder, 'bin');
    spawnSync('cp', ['-r', join(BIN, '..'), copy]);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const { status, stderr } = spawnSync(old, [join(copy, 'anso.js'), 'start'], { encoding: 'utf8' });
    expect(status).to.equal(1);
    expect(stderr).to.match(/^anso needs Node 24 .*\n$/);
  });
});

function isOld(path: string): boolean {
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)/.exec(stdout)?.[1]) < 24;
}
