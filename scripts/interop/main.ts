import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { allCases } from './cases.ts';
import { dss } from './judges/dss.ts';
import { pdfsig } from './judges/pdfsig.ts';
import { pyhanko } from './judges/pyhanko.ts';
import { qpdf } from './judges/qpdf.ts';
import { asJson, table, totals } from './report.ts';
import { runInterop } from './run-interop.ts';

const judges = [pdfsig, qpdf, pyhanko, dss];

const usage = `npm run interop -- [--judge NAME]... [--match TEXT] [--out DIR] [--json]

Signs documents at every level, with every algorithm and from every kind of key, and has each judged by programs of others:
${judges.map(({ name }) => name).join(', ')}. They trust one root that openssl made for this run, and nothing is asked of the network
but the first time, when pyHanko comes from PyPI and EU DSS from Maven Central into a cache (ANSO_INTEROP_CACHE, default
~/.cache/anso-interop). A judge that is not here is skipped, and said so.

  --judge NAME   only this judge
  --match TEXT   only cases with this in "level, algorithm, provider, document"
  --out DIR      keep the signed files there; default: they are thrown away
  --json         one JSON object instead of the table

Exit codes: 0 all accepted but what docs/interop.md excepts, 1 an unexpected refusal, 64 wrong command line.`;

const { values } = parseArgs({
  options: {
    judge: { type: 'string', multiple: true, default: judges.map(({ name }) => name) },
    match: { type: 'string', default: '' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const chosen = judges.filter(({ name }) => values.judge.includes(name));
const cases = allCases().filter(({ level, algorithm, provider, document }) =>
  [level, algorithm.name, provider.name, document.name].join(', ').includes(values.match),
);

if (values.help || chosen.length < values.judge.length || cases.length === 0) {
  process.stdout.write(`${usage}\n`);
  process.exitCode = values.help ? 0 : 64;
} else {
  const folder =
    values.out === undefined ? await mkdtemp(join(tmpdir(), 'anso-interop-')) : resolve(values.out);
  await mkdir(folder, { recursive: true });
  try {
    const result = await runInterop({
      cases,
      judges: chosen,
      folder,
      cache: resolve(process.env.ANSO_INTEROP_CACHE ?? join(homedir(), '.cache/anso-interop')),
      onProgress: (text) => process.stderr.write(`${text}\n`),
    });
    process.stdout.write(values.json ? `${JSON.stringify(asJson(result))}\n` : `${table(result)}\n`);
    process.exitCode = totals(result.rows).failing > 0 ? 1 : 0;
  } finally {
    if (values.out === undefined) await rm(folder, { recursive: true });
  }
}
