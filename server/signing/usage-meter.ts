import { CodedError } from '../errors/coded-error.ts';
import { evidenceErrors } from '../evidence/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import type { UsageEvent } from '../storage/ports.ts';
import { signingErrors } from './errors.ts';

/** Takes the one event of each attempt. What has been recorded must not be lost: it rejects rather than forget. */
export interface UsageSink {
  record(event: UsageEvent): Promise<void> | void;
}

/** What an attempt is part of; goes into its event. */
export interface UsageContext
  extends Pick<UsageEvent, 'channel' | 'agencyId' | 'documentId' | 'process' | 'step'> {
  /** Asked once for each attempt; the same id twice is one event to the ledger. Default: a new one. */
  readonly eventId?: () => string;
}

export interface MeterOptions {
  readonly sink: UsageSink;
  readonly context: UsageContext;
  readonly clock: Clock;
}

/** Makes exactly one {@link UsageEvent} of each attempt to use a certificate, whatever becomes of it. */
export class UsageMeter {
  readonly #options: MeterOptions;

  constructor(options: MeterOptions) {
    this.#options = options;
  }

  /**
   * Runs an attempt and records how it ended. The result is handed out only when its event is recorded: a signature
   * that is not counted does not leave. When the attempt fails, its own error is what the caller gets.
   */
  async attempt<T>(fingerprint: string, work: () => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await work();
    } catch (error) {
      await this.failed(fingerprint, error);
      throw error;
    }
    await this.#record(fingerprint, { outcome: 'signed' });
    return result;
  }

  /** Records an attempt that came to nothing; never throws. */
  async failed(fingerprint: string, error: unknown): Promise<void> {
    try {
      await this.#record(fingerprint, outcomeOf(error));
    } catch {
      // The caller is about to throw the reason of the failure, which says more than that counting failed as well.
    }
  }

  async #record(fingerprint: string, outcome: Pick<UsageEvent, 'outcome' | 'code'>): Promise<void> {
    const { sink, clock, context } = this.#options;
    const { eventId, ...where } = context;
    const time = clock.now();
    await sink.record({
      id: eventId?.() ?? newId(time),
      certificate: fingerprint,
      time: time.toISOString(),
      ...outcome,
      ...where,
    });
  }
}

/** Refused: a rule said no. Failed: something broke. */
function outcomeOf(error: unknown): Pick<UsageEvent, 'outcome' | 'code'> {
  if (!(error instanceof CodedError)) return { outcome: 'failed', code: 'signing.failed' };
  const statuses: Readonly<Record<string, { readonly status: number }>> = {
    ...signingErrors,
    ...evidenceErrors,
  };
  const isFault = error.code.startsWith('storage.') || (statuses[error.code]?.status ?? 400) >= 500;
  return { outcome: isFault ? 'failed' : 'refused', code: error.code };
}
