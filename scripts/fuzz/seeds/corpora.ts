import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { SeedFile } from '../fuzz-case.ts';

/** Larger files only make fewer cases. */
const MAX_BYTES = 200_000;

/** Files of others with one of these endings, when the folder is there, in an order that is always the same. */
export function corpusFiles(folder: string, part: string, endings: readonly string[]): SeedFile[] {
  const root = join(folder, part);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size <= MAX_BYTES)
    .sort()
    .map((path) => ({ name: relative(folder, path), bytes: readFileSync(path) }));
}
