import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every dependency of package.json has its row in docs/dependencies.md, and no row outlives its dependency. */
export function checkDependencies(root: string): string[] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
    optionalDependencies?: Record<string, string>;
  };
  const used = new Set([
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.optionalDependencies ?? {}),
    ...Object.keys(manifest.devDependencies ?? {}),
  ]);
  const text = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
  const described = new Set([...text.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] ?? ''));
  return [
    ...[...used].filter((name) => !described.has(name)).map((name) => `docs/dependencies.md lacks ${name}`),
    ...[...described]
      .filter((name) => !used.has(name))
      .map((name) => `docs/dependencies.md still has ${name}`),
  ];
}
