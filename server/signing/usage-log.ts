import { appendFileSync, closeSync, fsyncSync, openSync } from 'node:fs';
import type { UsageSink } from './usage-meter.ts';

/**
 * Appends each usage event as one line of JSON to a file, on the disk before the signature leaves. For signing outside
 * of a service; its lines can be taken into the ledger later, once, by their ids.
 */
export const usageLogFile = (path: string): UsageSink => ({
  record: (event) => {
    const descriptor = openSync(path, 'a', 0o600);
    try {
      appendFileSync(descriptor, `${JSON.stringify(event)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  },
});

/** Where there is nothing to keep events in. */
export const forgetfulSink: UsageSink = { record: () => {} };
