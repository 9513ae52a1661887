import { expect } from 'chai';
import { newId } from '../../server/platform/ids.ts';
import type { Collection, Store } from '../../server/storage/ports.ts';
import { type Engine, type Place, type Thing, thingSpec } from './engine.ts';
import { domainEvent, freshCertificate, signing } from './events.ts';
import { expectCode } from './expect-code.ts';

const EVER = { from: '0000-01-01', to: '9999-12-31' };

export function describeOutbox(engine: Engine): void {
  describe('the outbox', () => {
    let place: Place;
    let store: Store;
    let things: Collection<Thing>;
    let certificate: string;

    beforeEach(async () => {
      place = await engine.makePlace();
      store = await place.open();
      things = await store.collection<Thing>(thingSpec());
      certificate = freshCertificate();
    });
    afterEach(() => place.remove());

    const signed = async (from: Store = store) =>
      (await Array.fromAsync(from.usage.totals({ ...EVER, certificate }))).reduce(
        (sum, day) => sum + day.signed,
        0,
      );
    const logged = async (from: Store = store) => (await from.audit.entries()).map((entry) => entry.event.id);

    it('is copied to the ledger and the audit log, and then empty, under the same revision', async () => {
      const [first, second] = [signing(certificate), domainEvent({ type: 'document.numbered' })];
      const thing = await things.insert({ id: newId(), outbox: [first, second] });
      await store.dispatch();
      expect(await signed()).to.equal(1);
      expect(await logged()).to.deep.equal([first.id, second.id]);
      const left = await things.get(thing.id);
      expect(left).to.not.have.property('outbox');
      expect(left?.revision).to.equal(1);
    });

    it('is copied by the store itself soon after the write', async () => {
      const kept = new Promise<void>((resolve) => {
        const { append } = store.audit;
        store.audit.append = async (...events) => {
          await append.call(store.audit, ...events);
          if (events.length > 0) resolve();
        };
      });
      await things.insert({ id: newId(), outbox: [signing(certificate)] });
      await kept;
      expect(await signed()).to.equal(1);
    });

    it('costs a writer who read before no conflict', async () => {
      const thing = await things.insert({ id: newId(), outbox: [signing(certificate)] });
      await store.dispatch();
      const next = await things.replace({ ...thing, outbox: [signing(certificate)] });
      await store.dispatch();
      expect(next.revision).to.equal(2);
      expect(await signed()).to.equal(2);
    });

    it('counts an event once that a writer carries along', async () => {
      const event = signing(certificate);
      const thing = await things.insert({ id: newId(), outbox: [event] });
      await things.replace({ ...thing, outbox: [event, signing(certificate)] });
      await store.dispatch();
      const again = await things.get(thing.id);
      await things.replace({ id: thing.id, revision: again?.revision ?? 0, outbox: [event] });
      await store.dispatch();
      expect(await signed()).to.equal(2);
      expect(await logged()).to.have.length(2);
    });

    it('loses nothing when a writer leaves out what waits', async () => {
      const thing = await things.insert({ id: newId(), outbox: [signing(certificate)] });
      const { outbox: _, ...bare } = thing;
      await things.replace({ ...bare, outbox: [signing(certificate)] });
      await store.dispatch();
      expect(await signed()).to.equal(2);
    });

    it('is copied before its document is removed', async () => {
      const { id } = await things.insert({ id: newId(), outbox: [signing(certificate)] });
      expect(await things.remove(id)).to.equal(true);
      expect(await signed()).to.equal(1);
    });

    it('writes nothing when the write that carries it is refused', async () => {
      const thing = await things.insert({ id: newId() });
      await things.replace(thing);
      await expectCode(things.replace({ ...thing, outbox: [signing(certificate)] }), 'storage.conflict');
      await expectCode(things.insert({ id: thing.id, outbox: [signing(certificate)] }), 'storage.duplicate');
      await store.dispatch();
      expect(await signed()).to.equal(0);
    });

    it('refuses an event that could never be copied', async () => {
      const good = signing(certificate);
      const bad = [
        { ...good, id: '' },
        { ...good, time: '2026-03-02' },
        { ...good, time: '2026-13-02T00:00:00.000Z' },
        { ...good, usage: { ...good.usage, id: newId() } },
        { ...good, usage: { ...good.usage, certificate: 'x' } },
        { ...good, usage: { ...good.usage, outcome: '__proto__' } },
        { ...good, data: { text: '\ud800' } },
      ];
      for (const event of bad) {
        await expectCode(things.insert({ id: newId(), outbox: [event as typeof good] }), 'storage.bad_value');
      }
    });

    for (const [moment, part, method] of [
      ['before the ledger', 'usage', 'record'],
      ['between the ledger and the audit log', 'audit', 'append'],
    ] as const) {
      it(`survives a dispatcher that dies ${moment}`, () => dies(part, method, 'before'));
    }
    it('survives a dispatcher that dies between copying and clearing', () =>
      dies('audit', 'append', 'after'));

    async function dies(part: 'usage' | 'audit', method: 'record' | 'append', when: 'before' | 'after') {
      const target = store[part] as unknown as Record<string, (...all: unknown[]) => Promise<void>>;
      const real = target[method]?.bind(target);
      target[method] = async (...all) => {
        if (when === 'after') await real?.(...all);
        throw new Error('killed');
      };
      const ids = [];
      for (let at = 0; at < 5; at += 1) {
        const event = signing(certificate, { time: `2026-03-02T03:04:0${at}.000Z` });
        ids.push(event.id);
        await things.insert({ id: newId(), outbox: [event] });
      }
      const error = await store.dispatch().catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(Error);

      const later = await place.open();
      await later.dispatch();
      expect(await signed(later)).to.equal(5);
      expect(await logged(later))
        .to.have.members(ids)
        .and.have.length(5);
      expect((await later.audit.verify()).brokenAt).to.equal(undefined);
    }

    it('may be emptied by several stores at once', async () => {
      const others = await Promise.all([place.open(), place.open()]);
      for (let at = 0; at < 20; at += 1) await things.insert({ id: newId(), outbox: [signing(certificate)] });
      await Promise.all([store, ...others].map((each) => each.dispatch()));
      await store.dispatch();
      expect(await signed()).to.equal(20);
      expect(new Set(await logged()).size).to.equal(20);
      expect((await store.audit.verify()).entries).to.equal(20);
    });
  });
}
