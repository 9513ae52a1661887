import { CodedError } from '../errors/coded-error.ts';
import type { Actor } from '../platform/route.ts';
import type { UsageSink } from '../signing/usage-meter.ts';
import type { DomainEvent, UsageEvent } from '../storage/ports.ts';
import { eventOf, isConflict, write } from './change.ts';
import type { DocumentRecord } from './document-record.ts';
import type { DocumentServices } from './services.ts';

/** How often the record of a failure is tried again when others change the document. */
const TRIES = 5;

/**
 * One use of a certificate for a document. It collects what the meter says, so that a success is written together with the
 * document; a refusal or failure, of the key or of anything after it, is written by itself: one event either way.
 */
export class SigningAttempt implements UsageSink {
  readonly #deps: DocumentServices;
  readonly #actor: Actor;
  readonly #id: string;
  readonly #facts: DomainEvent['data'];
  #usage: UsageEvent | undefined;

  /** @param facts go into the data of its event. */
  constructor(deps: DocumentServices, actor: Actor, id: string, facts: DomainEvent['data'] = {}) {
    this.#facts = facts;
    this.#deps = deps;
    this.#actor = actor;
    this.#id = id;
  }

  record(event: UsageEvent): void {
    this.#usage = event;
  }

  /** The event of the attempt, under the id of its usage. */
  event(type: string, told: DomainEvent['data'], usage = this.#usage): DomainEvent {
    const data = { ...told, ...this.#facts };
    const event = eventOf(this.#deps, this.#actor, this.#id, type, data);
    if (usage === undefined) return event;
    return {
      ...event,
      id: usage.id,
      time: usage.time,
      data: { ...data, certificate: usage.certificate },
      usage,
    };
  }

  /** Runs the attempt; whatever makes it fail after the key was asked is recorded before it is thrown on. */
  async counted(act: () => Promise<DocumentRecord>): Promise<DocumentRecord> {
    try {
      return await act();
    } catch (error) {
      if (this.#usage === undefined) throw error;
      const finished = await this.#recordFailure(this.#usage, error);
      if (finished !== undefined) return finished;
      throw error;
    }
  }

  /** Records a use that was refused before there was anything to take back. */
  async recordRefusal(error: unknown): Promise<void> {
    if (this.#usage !== undefined) await this.#recordFailure(this.#usage, error);
  }

  /**
   * Into the document's outbox; straight to the ledger when the document cannot be written. Gives the document when the
   * write that seemed to fail has been done after all.
   */
  async #recordFailure(usage: UsageEvent, error: unknown): Promise<DocumentRecord | undefined> {
    // A failure of its own: the id of a deferred success is for the value that comes again.
    const failed =
      usage.outcome === 'signed'
        ? { ...usage, id: this.#deps.newId(), outcome: 'failed' as const, code: codeOf(error) }
        : usage;
    const event = this.event(
      'sign_refused',
      { code: failed.code ?? 'unknown', outcome: failed.outcome },
      failed,
    );
    try {
      return await this.#writeFailure(event, usage.id);
    } catch (trouble) {
      this.#deps.logger.error(
        { err: trouble, documentId: this.#id },
        'the outcome of a signing attempt waits for the ledger',
      );
    }
    try {
      await this.#deps.store.usage.record([failed]);
    } catch (trouble) {
      this.#deps.logger.error(
        { err: trouble, usage: failed },
        'the outcome of a signing attempt could not be stored',
      );
    }
    return undefined;
  }

  async #writeFailure(event: DomainEvent, success: string): Promise<DocumentRecord | undefined> {
    for (let tries = 1; ; tries++) {
      const document = await this.#deps.documents.get(this.#id);
      if (document === undefined) return undefined;
      if (document.history.some(({ id }) => id === success || id === event.id)) return document;
      try {
        await write(this.#deps, this.#actor, { document, events: [event] });
        return undefined;
      } catch (error) {
        if (!isConflict(error) || tries >= TRIES) throw error;
      }
    }
  }
}

const codeOf = (error: unknown): string => (error instanceof CodedError ? error.code : 'signing.key_failed');
