import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';
import { makeTargets, targetNames } from './targets.ts';

const usage = `npm run fuzz -- [--minutes N] [--cases N] [--seed S] [--first N] [--target NAME]... [--out DIR]

Damages files in many ways and watches how the product takes it: pdf, der, cms, crl, p12, verify, sign (all when none is
named). The same seed makes the same cases. Starts from files it makes itself, and from those of ANSO_CORPORA (default
../shared/corpora) when they are there. A case that throws anything without a code, takes more than 2 s or 300 MB, or is
judged or signed wrongly is a finding: it is written to DIR (default OUT/fuzz) as small as it could be made.

The last line is {"cases":n,"findings":n,"seconds":s}. Exit codes: 0 none, 1 findings, 64 wrong command line.`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    cases: { type: 'string' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '1' },
    target: { type: 'string', multiple: true, default: [...targetNames] },
    out: { type: 'string', default: 'OUT/fuzz' },
    help: { type: 'boolean', default: false },
  },
});

const counts = [values.minutes, values.cases, values.seed, values.first].filter((text) => text !== undefined);
const isRight =
  counts.every((text) => Number(text) > 0) &&
  values.target.every((name) => (targetNames as readonly string[]).includes(name));

if (values.help || !isRight) {
  process.stdout.write(`${usage}\n`);
  process.exitCode = values.help ? 0 : 64;
} else {
  const corpora = resolve(process.env.ANSO_CORPORA ?? '../shared/corpora');
  const targets = await makeTargets(corpora);
  const minutes = values.minutes ?? (values.cases ? undefined : '1');
  let shown = 0;
  const result = await runCampaign({
    targets: values.target.flatMap((name) => targets.get(name) ?? []),
    worker: new URL('./worker.ts', import.meta.url),
    workerArguments: [corpora],
    seed: Number(values.seed),
    first: Number(values.first),
    folder: values.out,
    ...(values.cases !== undefined && { cases: Number(values.cases) }),
    ...(minutes !== undefined && { milliseconds: Number(minutes) * 60_000 }),
    onProgress: ({ cases, findings, target }) => {
      if (!process.stderr.isTTY || performance.now() - shown < 200) return;
      shown = performance.now();
      process.stderr.write(`\r${cases} cases, ${findings} findings, ${target}      `);
    },
    onFinding: ({ case: { target, seed, number }, problem }, path) =>
      process.stderr.write(`\n${target} ${seed}/${number}: ${problem}\n  ${path}\n`),
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  const { cases, findings, seconds } = result;
  process.stdout.write(`${JSON.stringify({ cases, findings: findings.length, seconds })}\n`);
  process.exitCode = findings.length > 0 ? 1 : 0;
}
