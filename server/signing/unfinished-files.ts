import { unlinkSync } from 'node:fs';

/** Files that are being written under a temporary name. */
const unfinished = new Set<string>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * From now until {@link forget} the file is removed when a signal ends the program. A program that stops in an order of
 * its own, as the server does, is left to do so.
 */
export function removeWhenInterrupted(path: string): void {
  if (unfinished.size === 0) for (const signal of SIGNALS) process.on(signal, interrupted);
  unfinished.add(path);
}

export function forget(path: string): void {
  if (!unfinished.delete(path) || unfinished.size > 0) return;
  for (const signal of SIGNALS) process.off(signal, interrupted);
}

function interrupted(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  for (const path of unfinished) {
    try {
      unlinkSync(path);
    } catch {
      // Not made yet, or gone already.
    }
    forget(path);
  }
  // As if nobody had listened: the shell sees which signal it was.
  process.kill(process.pid, signal);
}
