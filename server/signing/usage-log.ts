import { appendFileSync, closeSync, fsyncSync, openSync } from 'node:fs';
import { SigningError } from './errors.ts';
import type { UsageSink } from './usage-meter.ts';

/**
 * Appends each usage event as one line of JSON to a file, on the disk before the signature leaves. For signing outside
 * of a service; its lines can be taken into the ledger later, once, by their ids. Its `record` throws SigningError
 * `signing.not_counted`.
 */
export const usageLogFile = (path: string): UsageSink => ({
  record: (event) => {
    try {
      append(path, `${JSON.stringify(event)}\n`);
    } catch (cause) {
      throw new SigningError('signing.not_counted', 'the usage log cannot be written', { cause });
    }
  },
});

function append(path: string, line: string): void {
  const descriptor = openSync(path, 'a', 0o600);
  try {
    appendFileSync(descriptor, line);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Where there is nothing to keep events in. */
export const forgetfulSink: UsageSink = { record: () => {} };
