import { expect } from 'chai';
import type { Store, UsageTotals } from '../../server/storage/ports.ts';
import type { Engine, Place } from './engine.ts';
import { freshCertificate, usageEvent } from './events.ts';
import { expectCode } from './expect-code.ts';

export function describeUsage(engine: Engine): void {
  describe('the usage ledger', () => {
    let place: Place;
    let store: Store;
    let certificate: string;

    before(async () => {
      place = await engine.makePlace();
      store = await place.open();
    });
    after(() => place.remove());
    beforeEach(() => {
      certificate = freshCertificate();
    });

    const totals = (from = '2026-01-01', to = '2027-01-01'): Promise<UsageTotals[]> =>
      Array.fromAsync(store.usage.totals({ from, to, certificate }));
    const none = { signed: 0, refused: 0, failed: 0, observed: 0 };

    it('keeps an event with all it says', async () => {
      const event = usageEvent({
        certificate,
        outcome: 'refused',
        code: 'signing.wrong_pin',
        channel: 'cli',
        agencyId: 'agency',
        documentId: 'document',
        process: 'van-ban-di',
        step: 'ky',
      });
      await store.usage.record([event]);
      expect((await store.usage.events(certificate)).items).to.deep.equal([event]);
    });

    it('counts by outcome', async () => {
      const outcomes = ['signed', 'refused', 'signed', 'failed', 'observed', 'signed'] as const;
      await store.usage.record(outcomes.map((outcome) => usageEvent({ certificate, outcome })));
      expect(await totals()).to.deep.equal([
        { certificate, day: '2026-03-02', signed: 3, refused: 1, failed: 1, observed: 1 },
      ]);
    });

    it('counts an event once, however often and however mixed it comes', async () => {
      const events = Array.from({ length: 5 }, () => usageEvent({ certificate }));
      await store.usage.record(events.slice(0, 3));
      await store.usage.record([...events, ...events]);
      await store.usage.record([]);
      expect((await totals())[0]?.signed).to.equal(5);
    });

    it('counts by the day in Vietnam, which begins at 17:00 UTC', async () => {
      const times = ['2026-03-01T16:59:59.999Z', '2026-03-01T17:00:00.000Z', '2026-12-31T17:00:00.000Z'];
      await store.usage.record(times.map((time) => usageEvent({ certificate, time })));
      expect((await totals('2026-01-01', '2027-01-02')).map((each) => each.day)).to.deep.equal([
        '2026-03-01',
        '2026-03-02',
        '2027-01-01',
      ]);
      expect(await totals('2026-03-01', '2026-03-02')).to.deep.equal([
        { certificate, day: '2026-03-01', ...none, signed: 1 },
      ]);
    });

    it('lists the totals of all certificates in order of certificate and day', async () => {
      const certificates = [freshCertificate(), freshCertificate(), freshCertificate()];
      const days = ['1999-01-03', '1999-01-01', '1999-01-02'];
      await store.usage.record(
        certificates.flatMap((each) =>
          days.map((day) => usageEvent({ certificate: each, time: `${day}T00:00:00.000Z` })),
        ),
      );
      const rows = await Array.fromAsync(store.usage.totals({ from: '1999-01-01', to: '1999-01-03' }));
      expect(rows.map((row) => [row.certificate, row.day])).to.deep.equal(
        certificates.sort().flatMap((each) => [
          [each, '1999-01-01'],
          [each, '1999-01-02'],
        ]),
      );
    });

    it('ends at the right number when many record at once', async () => {
      const other = await place.open();
      const events = Array.from({ length: 40 }, () => usageEvent({ certificate }));
      await Promise.all(
        events.flatMap((event) => [store.usage.record([event]), other.usage.record([event])]),
      );
      expect((await totals())[0]?.signed).to.equal(40);
    });

    it('lists the events of a certificate, newest first, page by page', async () => {
      const events = Array.from({ length: 7 }, (_, at) =>
        usageEvent({ certificate, time: `2026-03-02T00:00:0${Math.floor(at / 2)}.000Z` }),
      );
      await store.usage.record(events);
      const seen: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await store.usage.events(certificate, {
          limit: 2,
          ...(cursor !== undefined && { cursor }),
        });
        seen.push(...page.items.map((event) => event.id));
        if (page.next === undefined) break;
        cursor = page.next;
      }
      const order = events.toSorted((a, b) => (a.time + a.id < b.time + b.id ? 1 : -1));
      expect(seen).to.deep.equal(order.map((event) => event.id));
      const { next: cursor = '' } = await store.usage.events(certificate, { limit: 2 });
      await expectCode(store.usage.events(freshCertificate(), { cursor }), 'storage.bad_cursor');
    });

    it('knows when a certificate was last of use', async () => {
      expect(await store.usage.lastUse(certificate)).to.equal(undefined);
      await store.usage.record([
        usageEvent({ certificate, time: '2026-03-01T00:00:00.000Z' }),
        usageEvent({ certificate, time: '2026-03-03T00:00:00.000Z', outcome: 'refused' }),
        usageEvent({ certificate, time: '2026-03-02T00:00:00.000Z', outcome: 'observed' }),
      ]);
      expect(await store.usage.lastUse(certificate)).to.equal('2026-03-02T00:00:00.000Z');
    });

    it('refuses what is no usage event, and then keeps none of them', async () => {
      const good = usageEvent({ certificate });
      for (const bad of [
        { time: 'now' },
        { certificate: 'ABC' },
        { outcome: 'lost' as 'failed' },
        { id: '' },
      ]) {
        await expectCode(
          store.usage.record([good, usageEvent({ certificate, ...bad })]),
          'storage.bad_value',
        );
      }
      expect(await totals()).to.deep.equal([]);
    });
  });
}
