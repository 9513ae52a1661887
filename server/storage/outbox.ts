import type { AuditLog, DomainEvent, UsageLedger } from './ports.ts';

/** The part of an engine the dispatcher reads: documents whose outbox is not empty. */
export interface OutboxSource {
  waiting(limit: number): Promise<readonly WaitingEvents[]>;
  /** Takes exactly these events out, in one atomic step a document, and leaves `revision` alone. */
  clear(copied: readonly WaitingEvents[]): Promise<void>;
}

export interface WaitingEvents {
  readonly collection: string;
  readonly id: string;
  readonly events: readonly DomainEvent[];
}

export interface StoreLogger {
  error(details: Record<string, unknown>, message: string): void;
}

/** Documents a round: small enough that a request never waits long for a round. */
const BATCH = 100;
/** Lets the writes of one burst share a round. */
const WAKE_MS = 10;
/** Finds what another process left behind, and tries again after a failure. */
const POLL_MS = 5_000;

/**
 * Copies events to the usage ledger and the audit log under their own ids, then clears them: at least once, and once
 * in effect, because both know an id they already have. Any number of processes may do it at the same time.
 */
export class Dispatcher {
  readonly #source: OutboxSource;
  readonly #usage: UsageLedger;
  readonly #audit: AuditLog;
  readonly #logger: StoreLogger | undefined;
  #round: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #wakesSoon = false;
  #stopped = false;

  constructor(source: OutboxSource, usage: UsageLedger, audit: AuditLog, logger?: StoreLogger) {
    this.#source = source;
    this.#usage = usage;
    this.#audit = audit;
    this.#logger = logger;
  }

  /** Copies what waits now; a round under way may have passed it already, so another one follows. */
  dispatch(): Promise<void> {
    this.#queued ??= this.#round
      .catch(() => {})
      .then(() => {
        this.#queued = undefined;
        this.#round = this.#copyAll();
        return this.#round;
      });
    return this.#queued;
  }

  /** Soon, in the background. A failure is logged and tried again. */
  wake(): void {
    if (this.#wakesSoon) return;
    this.#wakesSoon = true;
    this.#schedule(WAKE_MS);
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#wakesSoon = false;
      this.dispatch()
        .catch((error: unknown) => this.#logger?.error({ err: error }, 'events wait in an outbox'))
        .finally(() => this.#wakesSoon || this.#schedule(POLL_MS));
    }, delay);
    this.#timer.unref();
  }

  /** Copies what waits, if it can, and rests; what is left is found at the next start. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.dispatch().catch((error: unknown) =>
      this.#logger?.error({ err: error }, 'events are left in an outbox until the next start'),
    );
  }

  async #copyAll(): Promise<void> {
    for (;;) {
      const found = await this.#source.waiting(BATCH);
      if (found.length === 0) return;
      // Within one document the order stands; between documents time decides.
      const events = found
        .flatMap((each) => each.events)
        .sort((a, b) => (a.time < b.time ? -1 : +(a.time > b.time)));
      await this.#usage.record(events.flatMap((event) => event.usage ?? []));
      await this.#audit.append(...events);
      await this.#source.clear(found);
      if (found.length < BATCH) return;
    }
  }
}
