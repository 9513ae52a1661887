import type { Logger } from './services.ts';

/** Handlers run in this order, those of one stage side by side. */
export type ShutdownStage = 'stop-listening' | 'finish-work' | 'close-store' | 'release';
const STAGES: readonly ShutdownStage[] = ['stop-listening', 'finish-work', 'close-store', 'release'];

/** The rest (clearing the outbox, closing the store) takes milliseconds; more means that something hangs. */
const CLOSING_TIMEOUT = 5_000;

export interface Shutdown {
  at(stage: ShutdownStage, name: string, handler: () => Promise<void> | void): void;
  /** Runs every handler, at the first call only. Resolves to true when all ended in time and without error. */
  run(reason: string): Promise<boolean>;
}

/**
 * `requestsTimeout` (milliseconds) is how long requests under way may take to end: what cannot end in that time is cut,
 * and being one atomic write or none it leaves nothing half done.
 */
export function createShutdown(logger: Logger, requestsTimeout: number): Shutdown {
  const handlers: { stage: ShutdownStage; name: string; handler: () => Promise<void> | void }[] = [];
  let running: Promise<boolean> | undefined;

  async function runAll(reason: string): Promise<boolean> {
    logger.info({ reason }, 'shutting down');
    let clean = true;
    for (const stage of STAGES) {
      const timeout = stage === 'stop-listening' ? requestsTimeout : CLOSING_TIMEOUT;
      const ofStage = handlers.filter((entry) => entry.stage === stage);
      await Promise.all(
        ofStage.map(async ({ name, handler }) => {
          try {
            await within(timeout, handler);
          } catch (error) {
            clean = false;
            logger.error({ stage, name, error }, 'shutdown handler failed');
          }
        }),
      );
    }
    return clean;
  }

  return {
    at: (stage, name, handler) => handlers.push({ stage, name, handler }),
    run: (reason) => {
      running ??= runAll(reason);
      return running;
    },
  };
}

async function within(milliseconds: number, handler: () => Promise<void> | void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not end within ${milliseconds} ms`)), milliseconds);
  });
  try {
    await Promise.race([handler(), late]);
  } finally {
    clearTimeout(timer);
  }
}
