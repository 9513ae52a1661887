import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProcessesError } from './errors.ts';
import { maxBytes } from './parse-definition.ts';

/** The definitions that ship with this program: `processes/<code>/<version>.json`. */
export const shippedFolder = fileURLToPath(new URL('../../processes', import.meta.url));

export interface DefinitionFile {
  readonly file: string;
  readonly value: unknown;
}

/** Definition files below the given files and folders, in order of path and version number. */
export async function definitionFiles(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    if (!(await stat(path)).isDirectory()) files.push(path);
    else files.push(...(await below(path)));
  }
  return files;
}

async function below(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /^[1-9]\d*\.json$/u.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => a.localeCompare(b, 'vi', { numeric: true }));
}

/** @throws ProcessesError `processes.too_large`, `processes.not_json`. */
export async function readDefinition(file: string): Promise<DefinitionFile> {
  if ((await stat(file)).size > maxBytes) {
    throw new ProcessesError('processes.too_large', `${file} is over ${maxBytes} bytes`);
  }
  const text = await readFile(file, 'utf8');
  try {
    return { file, value: JSON.parse(text) };
  } catch (cause) {
    throw new ProcessesError('processes.not_json', `${file} is no JSON`, { cause });
  }
}
