import type { Writable } from 'node:stream';

export const printLine = (to: Writable, line: string): boolean => to.write(`${line}\n`);

/** One value, one line (NDJSON). */
export const printJson = (to: Writable, value: unknown): boolean => to.write(`${JSON.stringify(value)}\n`);
