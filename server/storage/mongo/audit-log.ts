import { nextEntry, verifyChain } from '../audit-chain.ts';
import { checkEvent } from '../check-event.ts';
import { StorageError } from '../errors.ts';
import type { AuditEntry, AuditLog, DomainEvent } from '../ports.ts';
import { checkLimit, MAX_LIMIT } from '../query.ts';
import { Serial } from '../serial.ts';
import { escapeNames, unescapeNames } from './escape.ts';
import type { AuditRow, Models } from './models.ts';
import { isDuplicate, translated } from './translate-error.ts';

const CHAIN = 'main';
/** Lost races for the next number before we say that the log is busy. */
const MAX_TRIES = 1_000;

export class MongoAuditLog implements AuditLog {
  readonly #model: Models['audit'];
  readonly #serial = new Serial();

  constructor(model: Models['audit']) {
    this.#model = model;
  }

  async append(...events: readonly DomainEvent[]): Promise<void> {
    for (const event of events) checkEvent(event);
    await this.#serial.run(CHAIN, () =>
      translated(async () => {
        for (const event of events) await this.#appendOne(event);
      }),
    );
  }

  /** Inserting the next number is the append: it is unique, so of two writers one goes on to the number after. */
  async #appendOne(event: DomainEvent): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if ((await this.#model.exists({ _id: event.id, chain: CHAIN })) !== null) return;
      const entry = nextEntry(await this.#last(), event);
      const kept = escapeNames(entry.event) as DomainEvent;
      try {
        await this.#model.insertMany([{ ...entry, event: kept, _id: event.id, chain: CHAIN }], {
          lean: true,
        });
        return;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
    }
    throw new StorageError('storage.busy', 'too many writers race for the next number of the audit log');
  }

  async #last(): Promise<AuditEntry | undefined> {
    const row = await this.#model.findOne({ chain: CHAIN }).sort({ sequence: -1 }).lean<AuditRow>();
    return row === null ? undefined : toEntry(row);
  }

  async entries(options: { after?: number; limit?: number } = {}): Promise<readonly AuditEntry[]> {
    const limit = checkLimit(options.limit);
    const rows = await translated(() =>
      this.#model
        .find({ chain: CHAIN, sequence: { $gt: options.after ?? 0 } })
        .sort({ sequence: 1 })
        .limit(limit)
        .lean<AuditRow[]>(),
    );
    return rows.map(toEntry);
  }

  verify() {
    return verifyChain(this.#all());
  }

  async *#all(): AsyncGenerator<AuditEntry> {
    for (let after = 0; ; ) {
      const page = await this.entries({ after, limit: MAX_LIMIT });
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.sequence;
    }
  }
}

function toEntry({ sequence, event, previous, hash }: AuditRow): AuditEntry {
  return { sequence, event: unescapeNames(event) as AuditEntry['event'], previous, hash };
}
