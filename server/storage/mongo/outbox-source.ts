import type { Connection } from 'mongoose';
import type { OutboxSource, WaitingEvents } from '../outbox.ts';
import type { DomainEvent } from '../ports.ts';
import type { MongoDocument } from './collection-model.ts';
import { escapeNames, unescapeNames } from './escape.ts';
import type { Models } from './models.ts';
import { translated } from './translate-error.ts';

/** Reads the `waiting` index of each collection, also of those this process has not declared. */
export function mongoOutboxes(connection: Connection, collections: Models['collections']): OutboxSource {
  return {
    waiting: (limit) =>
      translated(async () => {
        const found: WaitingEvents[] = [];
        for (const { _id: collection } of await collections.find().sort({ _id: 1 }).lean()) {
          const rows = await connection
            .collection<MongoDocument>(collection)
            .find({ 'outbox.id': { $gt: '' } })
            .project<Pick<MongoDocument, '_id' | 'outbox'>>({ outbox: 1 })
            .limit(limit - found.length)
            .toArray();
          found.push(...rows.map(({ _id, outbox }) => ({ collection, id: _id, events: events(outbox) })));
          if (found.length >= limit) break;
        }
        return found;
      }),

    clear: (copied) =>
      translated(async () => {
        for (const { collection, id, events } of copied) {
          await connection
            .collection<MongoDocument>(collection)
            .updateOne({ _id: id }, { $pullAll: { outbox: events.map(escapeNames) } });
        }
      }),
  };
}

function events(outbox: MongoDocument['outbox']): readonly DomainEvent[] {
  return unescapeNames(outbox ?? []) as DomainEvent[];
}
