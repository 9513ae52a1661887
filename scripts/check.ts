import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkDependencies } from './check/dependencies.ts';
import { checkFloors } from './check/floors.ts';
import { checkGenerated } from './check/generated.ts';

/** `npm run check`: types, lint, floors, freshness of what is generated. Says all problems, then exits 1 when there was one. */
const root = join(import.meta.dirname, '..');

const checks: readonly { readonly name: string; run(): string[] | Promise<string[]> }[] = [
  { name: 'types', run: () => tool('tsc', []) },
  { name: 'format and lint', run: () => tool('biome', ['check', '--error-on-warnings', '.']) },
  { name: 'imports only go down', run: () => checkFloors(root) },
  { name: 'generated files are fresh', run: () => checkGenerated(root) },
  { name: 'every dependency has its line', run: () => checkDependencies(root) },
];

let failed = false;
for (const check of checks) {
  const problems = await check.run();
  console.log(`${problems.length === 0 ? '✓' : '✗'} ${check.name}`);
  for (const problem of problems) console.log(`  ${problem}`);
  failed ||= problems.length > 0;
}
process.exitCode = failed ? 1 : 0;

function tool(name: string, args: readonly string[]): string[] {
  const run = spawnSync(join(root, 'node_modules/.bin', name), args, { cwd: root, encoding: 'utf8' });
  if (run.status === 0) return [];
  return `${run.stdout}${run.stderr}${run.error?.message ?? ''}`.trimEnd().split('\n');
}
