import type { OutboxSource, WaitingEvents } from '../outbox.ts';
import type { DomainEvent } from '../ports.ts';
import type { Database, Row } from './database.ts';

/** Reads the partial index of each collection, also of those this process has not declared. */
export function sqliteOutboxes(database: Database): OutboxSource {
  return {
    async waiting(limit) {
      const found: WaitingEvents[] = [];
      for (const { name } of database.all('SELECT name FROM _collection ORDER BY name')) {
        const rows = database.all(
          `SELECT id, outbox FROM "${name}" WHERE outbox IS NOT NULL ORDER BY id LIMIT ?`,
          limit - found.length,
        );
        found.push(
          ...rows.map((row) => ({ collection: String(name), id: String(row.id), events: events(row) })),
        );
        if (found.length >= limit) break;
      }
      return found;
    },

    clear: (copied) =>
      database.write(() => {
        for (const { collection, id, events: gone } of copied) {
          const row = database.get(`SELECT outbox FROM "${collection}" WHERE id = ?`, id);
          const ids = new Set(gone.map((event) => event.id));
          const left = row ? events(row).filter((event) => !ids.has(event.id)) : [];
          const text = left.length === 0 ? null : JSON.stringify(left);
          database.run(`UPDATE "${collection}" SET outbox = ? WHERE id = ?`, text, id);
        }
      }),
  };
}

function events(row: Row): readonly DomainEvent[] {
  return row.outbox === null ? [] : JSON.parse(String(row.outbox));
}
