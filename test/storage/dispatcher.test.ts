import { expect } from 'chai';
import { Dispatcher } from '../../server/storage/outbox.ts';
import type { AuditLog, UsageLedger } from '../../server/storage/ports.ts';
import { domainEvent, signing } from '../contract/events.ts';

describe('the dispatcher', () => {
  const usage = { record: async () => {} } as unknown as UsageLedger;

  it('logs a failure in the background and tells it to nobody else', async () => {
    const source = { waiting: () => Promise.reject(new Error('no connection')), clear: async () => {} };
    const { promise: message, resolve } = Promise.withResolvers<string>();
    const dispatcher = new Dispatcher(source, usage, {} as AuditLog, { error: (_, text) => resolve(text) });
    dispatcher.wake();
    expect(await message).to.equal('events wait in an outbox');
    await dispatcher.stop();
  });

  it('copies first by time, and in the order of the document where times are equal', async () => {
    const [a, b, c] = [
      domainEvent({ time: '2026-03-02T00:00:02.000Z' }),
      domainEvent({ time: '2026-03-02T00:00:01.000Z' }),
      signing('ab'.repeat(32), { time: '2026-03-02T00:00:01.000Z' }),
    ];
    const found = [
      { collection: 'x', id: '1', events: [a] },
      { collection: 'x', id: '2', events: [b, c] },
    ];
    const copied: string[] = [];
    const audit = {
      append: async (...events: { id: string }[]) => copied.push(...events.map(({ id }) => id)),
    };
    const source = { waiting: async () => found, clear: async () => {} };
    await new Dispatcher(source, usage, audit as unknown as AuditLog).dispatch();
    expect(copied).to.deep.equal([b.id, c.id, a.id]);
  });
});
