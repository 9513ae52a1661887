import { once as onceEvent } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exitCodes, UsageError } from '../../server/cli/command.ts';
import { parseOptions } from '../../server/cli/parse-options.ts';
import { type DevPki, makeDevPki, pem } from '../dev-pki/make-dev-pki.ts';
import { type MainJobResult, runMainJob } from './main-job.ts';
import { Narrator } from './narrator.ts';
import { openOffice, trustDevelopmentPki } from './office.ts';
import { type ServerProcess, startServer } from './server-process.ts';

type Wanted = NonNullable<ReturnType<typeof readOptions>>;

const usage = `anso demo [--once] [--out DIR] [--port N]
anso demo --scenario ca-mau [--json]

Makes an agency with people and certificates in a throw-away data folder and drives the main job through the HTTP API of a
real server. It stays up until Ctrl-C; with --once it ends. --out leaves signed.pdf, report.json, usage.json, root.pem and crls.pem in
DIR; without it they are in the throw-away folder for as long as the server stays up.

The scenario ca-mau registers 967 certificates with their uses and reports how many are in regular use; its last line is
JSON, and with --json it is the only one.`;

const values = readOptions();
if (values?.help) console.log(usage);
else if (values?.scenario === 'ca-mau') await runCaMauScenario(values.json);
else if (values !== undefined) await demonstrate(values);

/** Nothing when the command line is wrong, and that is said. */
function readOptions() {
  try {
    const { values, positionals } = parseOptions(process.argv.slice(2), {
      once: { type: 'boolean', default: false },
      out: { type: 'string' },
      port: { type: 'string', default: '0' },
      scenario: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    });
    const { scenario = 'ca-mau', port } = values;
    if (positionals.length > 0) throw new UsageError(`what is "${positionals[0]}"?`);
    if (scenario !== 'ca-mau') throw new UsageError(`there is no scenario "${scenario}"`);
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new UsageError(`"${port}" is no port`);
    return values;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    process.exitCode = exitCodes.usage;
    return undefined;
  }
}

async function runCaMauScenario(json: boolean): Promise<void> {
  const { runCaMau } = await import('./ca-mau.ts');
  await runCaMau({ json, out: process.stdout });
}

async function demonstrate({ once, out, port }: Wanted): Promise<void> {
  const say = new Narrator();
  const dataFolder = await mkdtemp(join(tmpdir(), 'anso-demo-'));
  try {
    say.step('A development PKI and an empty server, in a throw-away folder.');
    const pki = await makeDevPki({ only: ['person', 'organization'] });
    await trustDevelopmentPki(dataFolder, pki);
    const server = await startServer({
      dataFolder,
      port: Number(port),
      env: { ANSO_PROFILE: 'demo' },
    });
    try {
      say.fact(`Listening on ${server.origin}`);
      say.step(
        'The first administrator opens the one-time link, makes the agency, its people and their keys.',
      );
      const office = await openOffice(server, pki);
      const result = await runMainJob(office, say);
      // Who stays wants a signed file to drop on the page.
      const folder = out === undefined ? join(dataFolder, 'out') : resolve(out);
      if (out !== undefined || !once) {
        await leave(folder, result, pki);
        say.fact(`Left in ${folder}: signed.pdf, report.json, usage.json; to judge it yourself:`);
        say.fact(
          `npm run -s anso -- verify ${folder}/signed.pdf --trust ${folder}/root.pem --crl ${folder}/crls.pem`,
        );
      }
      if (!once) await stayUp(server, folder, say);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}

async function leave(out: string, { pdf, report, usage }: MainJobResult, pki: DevPki): Promise<void> {
  const [root, issuing] = [pki.authority('root'), pki.authority('issuing')];
  await mkdir(out, { recursive: true });
  await Promise.all([
    writeFile(join(out, 'signed.pdf'), pdf),
    writeFile(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`),
    writeFile(join(out, 'usage.json'), `${JSON.stringify(usage, null, 2)}\n`),
    writeFile(join(out, 'root.pem'), pem('CERTIFICATE', root.certificate)),
    writeFile(join(out, 'crls.pem'), pem('X509 CRL', root.crl) + pem('X509 CRL', issuing.crl)),
  ]);
}

async function stayUp(server: ServerProcess, folder: string, say: Narrator): Promise<void> {
  say.step(
    `It stays up. Drop ${folder}/signed.pdf on ${server.origin}/verify, read ${server.origin}/api. Ctrl-C ends it.`,
  );
  const stopped = new AbortController();
  await Promise.race(
    ['SIGINT', 'SIGTERM'].map((signal) => onceEvent(process, signal, { signal: stopped.signal })),
  );
  stopped.abort();
}
