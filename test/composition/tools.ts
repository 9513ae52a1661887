import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasTool = (name: string): boolean => spawnSync(name, ['--version']).error === undefined;

/** Runs a program on the bytes as a file; gives what it prints. @throws when it exits with a failure. */
export function runOn(bytes: Uint8Array, program: string, argumentsOf: (file: string) => string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'anso-composition-'));
  const file = join(folder, 'document.pdf');
  try {
    writeFileSync(file, bytes);
    return execFileSync(program, argumentsOf(file), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text as a reader finds it, in the layout of the page. */
export const textOf = (bytes: Uint8Array): string =>
  runOn(bytes, 'pdftotext', (file) => ['-layout', file, '-']).normalize();
