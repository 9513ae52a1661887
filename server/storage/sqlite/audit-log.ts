import { nextEntry, verifyChain } from '../audit-chain.ts';
import { checkEvent } from '../check-event.ts';
import type { AuditEntry, AuditLog, DomainEvent } from '../ports.ts';
import { checkLimit, MAX_LIMIT } from '../query.ts';
import type { Database, Row } from './database.ts';

export class SqliteAuditLog implements AuditLog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async append(...events: readonly DomainEvent[]): Promise<void> {
    if (events.length === 0) return;
    for (const event of events) checkEvent(event);
    await this.#database.write(() => {
      const row = this.#database.get('SELECT * FROM _audit_entry ORDER BY sequence DESC LIMIT 1');
      let last = row && toEntry(row);
      for (const event of events) {
        if (this.#database.get('SELECT 1 FROM _audit_entry WHERE id = ?', event.id) !== undefined) continue;
        last = nextEntry(last, event);
        this.#database.run(
          'INSERT INTO _audit_entry VALUES (?, ?, ?, ?, ?)',
          last.sequence,
          event.id,
          JSON.stringify(last.event),
          last.previous,
          last.hash,
        );
      }
    });
  }

  async entries(options: { after?: number; limit?: number } = {}): Promise<readonly AuditEntry[]> {
    return this.#database
      .all(
        'SELECT * FROM _audit_entry WHERE sequence > ? ORDER BY sequence LIMIT ?',
        options.after ?? 0,
        checkLimit(options.limit),
      )
      .map(toEntry);
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

function toEntry(row: Row): AuditEntry {
  return {
    sequence: Number(row.sequence),
    event: JSON.parse(String(row.event)),
    previous: String(row.previous),
    hash: String(row.hash),
  };
}
