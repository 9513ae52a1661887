import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { canonicalJson } from '../../server/json/canonical-json.ts';
import type { Store } from '../../server/storage/ports.ts';
import type { Engine, Place } from './engine.ts';
import { domainEvent, freshCertificate, signing } from './events.ts';
import { expectCode } from './expect-code.ts';

export function describeAudit(engine: Engine): void {
  describe('the audit log', () => {
    let place: Place;
    let store: Store;

    beforeEach(async () => {
      place = await engine.makePlace();
      store = await place.open();
    });
    afterEach(() => place.remove());

    it('is empty and whole at first', async () => {
      expect(await store.audit.verify()).to.deep.equal({ entries: 0, head: '0'.repeat(64) });
    });

    it('chains each entry to the one before, by a hash anybody can recompute', async () => {
      const events = [domainEvent(), domainEvent({ onBehalfOf: 'account-2' })];
      for (const event of events) await store.audit.append(event);
      const entries = await store.audit.entries();
      let previous = '0'.repeat(64);
      for (const [at, entry] of entries.entries()) {
        const content = { sequence: at + 1, event: events[at], previous };
        const hash = createHash('sha256').update(canonicalJson(content)).digest('hex');
        expect(entry).to.deep.equal({ ...content, hash });
        previous = hash;
      }
      expect(await store.audit.verify()).to.deep.equal({ entries: 2, head: previous });
    });

    it('leaves the use of the certificate to the ledger', async () => {
      const { usage: _, ...event } = signing(freshCertificate());
      await store.audit.append(signing(freshCertificate(), { id: event.id }));
      expect((await store.audit.entries())[0]?.event).to.deep.equal(event);
    });

    it('keeps an event once', async () => {
      const event = domainEvent();
      await store.audit.append(event, event);
      await store.audit.append(event);
      expect((await store.audit.verify()).entries).to.equal(1);
    });

    it('numbers without a gap when many append at once, also through two stores', async () => {
      const other = await place.open();
      const events = Array.from({ length: 30 }, () => domainEvent());
      await Promise.all(events.flatMap((event) => [store.audit.append(event), other.audit.append(event)]));
      expect((await store.audit.entries()).map((entry) => entry.sequence)).to.deep.equal(
        Array.from({ length: 30 }, (_, at) => at + 1),
      );
      expect((await store.audit.verify()).brokenAt).to.equal(undefined);
    });

    it('keeps what JSON carries, and refuses what no hash can', async () => {
      const event = domainEvent({ data: { missing: undefined, when: new Date(0) } });
      await store.audit.append(event);
      expect((await store.audit.entries())[0]?.event.data).to.deep.equal({
        when: '1970-01-01T00:00:00.000Z',
      });
      await expectCode(store.audit.append(domainEvent({ data: { text: '\ud800' } })), 'storage.bad_value');
      expect(await store.audit.verify())
        .to.include({ entries: 1 })
        .and.not.have.property('brokenAt');
    });

    it('is read from any point', async () => {
      await store.audit.append(...Array.from({ length: 5 }, () => domainEvent()));
      const sequences = (await store.audit.entries({ after: 2, limit: 2 })).map((entry) => entry.sequence);
      expect(sequences).to.deep.equal([3, 4]);
      await expectCode(store.audit.entries({ limit: 0 }), 'storage.bad_query');
    });

    it('shows where an entry was forged', async () => {
      await store.audit.append(...Array.from({ length: 5 }, () => domainEvent()));
      await place.forgeAuditEntry(3);
      const { brokenAt, entries } = await store.audit.verify();
      expect({ brokenAt, entries }).to.deep.equal({ brokenAt: 3, entries: 2 });
    });
  });
}
