import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchCold } from './cold.ts';
import { dssPeer, npmPeers, pyhankoPeer } from './install-peers.ts';
import { benchSign } from './sign.ts';
import { keyKinds } from './subjects.ts';
import { coldTable, signTable, sizeText } from './table.ts';

const usage = `npm run bench -- sign [--quick] [--sizes 50000,1000000] [--keys rsa-2048,p-256] [--seconds N] [--json FILE]
npm run bench -- setup

sign: signs documents of 50 KB, 1 MB, 20 MB and 200 MB again and again with RSA-2048, RSA-3072 and P-256, in memory, one
row a process, N seconds each (default 3). Then "anso sign" in new processes on files of 100 MB and 200 MB, beside
processes that only hash them. --quick is 50 KB and 20 MB with RSA-2048 and P-256, one second each, and fewer processes.

Others are measured beside ours: @libpdf/core, @signpdf, pyHanko and EU DSS, in pinned versions that come from npm, PyPI and
Maven Central into the cache of npm run interop (ANSO_INTEROP_CACHE, default ~/.cache/anso-interop) at the first run, or
before it with setup. One that is not to be had is skipped, and said so.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    keys: { type: 'string' },
    seconds: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const cache = resolve(process.env.ANSO_INTEROP_CACHE ?? join(homedir(), '.cache/anso-interop'));
const [verb] = positionals;

if (values.help || (verb !== 'sign' && verb !== 'setup')) {
  console.log(usage);
  process.exitCode = values.help ? 0 : 64;
} else if (verb === 'setup') {
  for (const [name, peer] of Object.entries({ npm: npmPeers, pyHanko: pyhankoPeer, 'EU DSS': dssPeer })) {
    console.log(`${name}: ${peer.missing() ?? (await peer.install(cache))}`);
  }
} else {
  await sign();
}

async function sign(): Promise<void> {
  const { quick } = values;
  const sizes = values.sizes?.split(',').map(Number) ?? (quick ? [5e4, 2e7] : [5e4, 1e6, 2e7, 2e8]);
  const wanted = values.keys?.split(',') ?? (quick ? ['rsa-2048', 'p-256'] : keyKinds);
  const keys = keyKinds.filter((key) => wanted.includes(key));
  const seconds = Number(values.seconds ?? (quick ? 1 : 3));
  const folder = await mkdtemp(join(tmpdir(), 'anso-bench-'));
  const note = (text: string): boolean => process.stderr.write(`${text}\n`);
  try {
    const rows = await benchSign({
      ...{ sizes, keys, seconds, cache, folder },
      onRow: ({ bytes, key, signer, perSecond, skipped }) =>
        note(`${sizeText(bytes)} ${key} ${signer}: ${perSecond?.toFixed(1) ?? skipped}`),
    });
    const cold = (quick ? [1e8] : [1e8, 2e8]).map((bytes) => benchCold(bytes, quick ? 3 : 9, folder));
    const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
    const report = { bench: 'sign', date: new Date().toISOString(), ...machine, seconds, rows, cold };
    console.log(`${machine.cores} × ${machine.cpu}, Node ${machine.node}, ${report.date}\n`);
    console.log(`${signTable(rows)}\n\nCold processes\n\n${coldTable(cold)}`);
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
