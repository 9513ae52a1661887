import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isPadesLevel, padesLevels } from '../../server/signing/levels.ts';
import { allCases } from './cases.ts';
import { judgeFile } from './judge-file.ts';
import { judges } from './judges/all.ts';
import { asJson, fileTable, table, totals } from './report.ts';
import { runInterop } from './run-interop.ts';

const usage = `npm run interop -- [--judge NAME]... [--match TEXT] [--out DIR] [--json]
npm run interop -- --demo DIR [--level LEVEL] [--judge NAME]... [--json]

Signs documents at every level, with every algorithm and from every kind of key, and has each judged by programs of others:
${judges.map(({ name }) => name).join(', ')}. They trust one root that openssl made for this run, and nothing is asked of the network
but the first time, when pyHanko comes from PyPI and EU DSS from Maven Central into a cache (ANSO_INTEROP_CACHE, default
~/.cache/anso-interop). A judge that is not here is skipped, and said so.

  --judge NAME   only this judge
  --match TEXT   only cases with this in "level, algorithm, provider, document"
  --out DIR      an empty folder to keep the signed files in; default: they are thrown away
  --json         one JSON object instead of the table
  --demo DIR     judges what "npm run demo -- --out DIR" left there: signed.pdf with its two signatures
  --level LEVEL  which level those have: ${padesLevels.join(', ')}; default B-B

Exit codes: 0 all accepted but what docs/interop.md excepts, 1 an unexpected refusal, 64 wrong command line.`;

const { values } = parseArgs({
  options: {
    judge: { type: 'string', multiple: true, default: judges.map(({ name }) => name) },
    match: { type: 'string', default: '' },
    out: { type: 'string' },
    demo: { type: 'string' },
    level: { type: 'string', default: 'B-B' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const { level, demo } = values;
const chosen = judges.filter(({ name }) => values.judge.includes(name));
const cases = allCases().filter((one) =>
  [one.level, one.algorithm.name, one.provider.name, one.document.name].join(', ').includes(values.match),
);
const cache = resolve(process.env.ANSO_INTEROP_CACHE ?? join(homedir(), '.cache/anso-interop'));

if (values.help || chosen.length < values.judge.length || cases.length === 0 || !isPadesLevel(level)) {
  process.stdout.write(`${usage}\n`);
  process.exitCode = values.help ? 0 : 64;
} else {
  const folder =
    values.out === undefined ? await mkdtemp(join(tmpdir(), 'anso-interop-')) : resolve(values.out);
  await mkdir(folder, { recursive: true });
  try {
    if (demo === undefined) {
      const onProgress = (text: string) => process.stderr.write(`${text}\n`);
      const result = await runInterop({ cases, judges: chosen, folder, cache, onProgress });
      process.stdout.write(values.json ? `${JSON.stringify(asJson(result))}\n` : `${table(result)}\n`);
      process.exitCode = totals(result.rows).failing > 0 ? 1 : 0;
    } else {
      const left = { path: 'signed.pdf', root: 'root.pem', crls: 'crls.pem' };
      const [path = '', root = '', crls = ''] = Object.values(left).map((name) => resolve(demo, name));
      const result = await judgeFile({ path, root, crls, level, signatures: 2 }, chosen, folder, cache);
      process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${fileTable(result)}\n`);
      process.exitCode = result.some(({ accepted }) => accepted === false) ? 1 : 0;
    }
  } finally {
    if (values.out === undefined) await rm(folder, { recursive: true });
  }
}
