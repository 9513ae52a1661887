import { expect } from 'chai';
import { newId } from '../../server/platform/ids.ts';
import type { Collection, FindOptions, Store } from '../../server/storage/ports.ts';
import { type Engine, type Place, type Thing, thingSpec } from './engine.ts';
import { expectCode } from './expect-code.ts';

export function describeFind(engine: Engine): void {
  describe('find and count', () => {
    let place: Place;
    let store: Store;
    let things: Collection<Thing>;

    before(async () => {
      place = await engine.makePlace();
      store = await place.open();
    });
    after(() => place.remove());
    beforeEach(async () => {
      things = await store.collection<Thing>(thingSpec());
    });

    const insertRanks = async (agency: string, ranks: readonly number[], more: object = {}) => {
      for (const rank of ranks) await things.insert({ id: newId(), agency, rank, ...more });
    };
    const ranks = async (options: FindOptions) =>
      (await things.find('rank', options)).items.map((thing) => thing.rank);

    it('lists a whole index in order', async () => {
      await insertRanks('B', [2, 1]);
      await insertRanks('A', [10, 9]);
      expect(await ranks({})).to.deep.equal([9, 10, 1, 2]);
      expect(await ranks({ descending: true })).to.deep.equal([2, 1, 10, 9]);
      expect(await things.count('rank')).to.equal(4);
    });

    it('holds the prefix fast', async () => {
      await insertRanks('A', [1, 2]);
      await insertRanks('B', [3]);
      expect(await ranks({ prefix: ['A'] })).to.deep.equal([1, 2]);
      expect(await ranks({ prefix: ['A', 2] })).to.deep.equal([2]);
      expect(await ranks({ prefix: ['C'] })).to.deep.equal([]);
    });

    it('takes a range that begins with from and ends before to', async () => {
      await insertRanks('A', [-1, 0, 1.5, 2, 3]);
      expect(await ranks({ prefix: ['A'], from: 0, to: 3 })).to.deep.equal([0, 1.5, 2]);
      expect(await ranks({ prefix: ['A'], from: 2 })).to.deep.equal([2, 3]);
      expect(await ranks({ prefix: ['A'], to: 0 })).to.deep.equal([-1]);
      expect(await things.count('rank', { prefix: ['A'], from: 0, to: 3 })).to.equal(3);
    });

    it('finds a document under each element of its array, once', async () => {
      const { id } = await things.insert({ id: newId(), work: ['x', 'y', 'x'], rank: 1 });
      for (const key of ['x', 'y']) {
        expect((await things.find('work', { prefix: [key] })).items.map((thing) => thing.id)).to.deep.equal([
          id,
        ]);
        expect(await things.count('work', { prefix: [key] })).to.equal(1);
      }
    });

    it('follows an array as it changes', async () => {
      const first = await things.insert({ id: newId(), work: ['x', 'y'], rank: 1 });
      await things.replace({ ...first, work: ['y', 'z'], rank: 2 });
      expect(await things.count('work', { prefix: ['x'] })).to.equal(0);
      expect(await things.count('work', { prefix: ['y', 2] })).to.equal(1);
      expect(await things.count('work', { prefix: ['z'] })).to.equal(1);
    });

    it('leaves out what lacks a field, holds an object there, or an array where none is declared', async () => {
      for (const value of [
        { work: [] },
        { work: 'x' },
        { inner: { deep: {} } },
        { inner: { deep: ['x'] } },
        {},
      ]) {
        await things.insert({ id: newId(), rank: 1, ...value });
      }
      await things.insert({ id: newId(), inner: { deep: null } });
      expect(await things.count('nested')).to.equal(0);
      expect(await things.count('work', { prefix: ['x'] })).to.equal(0);
      await things.insert({ id: newId(), inner: { deep: 'found' } });
      expect(await things.count('nested')).to.equal(1);
    });

    it('keeps booleans as booleans', async () => {
      await things.insert({ id: newId(), done: true });
      await things.insert({ id: newId(), done: false });
      await things.insert({ id: newId(), done: 1 });
      expect(await things.count('done', { prefix: [true] })).to.equal(1);
      expect((await things.find('done', { prefix: [false] })).items).to.have.length(1);
    });

    it('compares texts by their UTF-8 bytes', async () => {
      const texts = ['Z', 'a', 'é', 'đ', 'ấ', '\uffff', '😀', ''];
      for (const deep of texts) await things.insert({ id: newId(), inner: { deep } });
      const found = (await things.find('nested')).items.map(
        (thing) => (thing.inner as { deep: string }).deep,
      );
      expect(found).to.deep.equal([...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    });

    describe('page by page', () => {
      const allPages = async (index: string, options: FindOptions, between: () => Promise<unknown>) => {
        const ids: string[] = [];
        for (let cursor: string | undefined; ; ) {
          const page = await things.find(index, { ...options, ...(cursor !== undefined && { cursor }) });
          ids.push(...page.items.map((thing) => thing.id));
          if (page.next === undefined) return ids;
          cursor = page.next;
          await between();
        }
      };

      for (const descending of [false, true]) {
        it(`repeats and hides nothing while others insert (descending: ${descending})`, async () => {
          const before: string[] = [];
          for (let at = 0; at < 23; at += 1) {
            const thing = await things.insert({ id: newId(), work: ['x', `w${at}`], rank: at % 4 });
            before.push(thing.id);
          }
          let more = 0;
          const insertMore = () => {
            more += 1;
            return things.insert({ id: newId(), work: ['x'], rank: more % 5 });
          };
          const seen = await allPages('work', { prefix: ['x'], limit: 4, descending }, insertMore);
          expect(new Set(seen).size).to.equal(seen.length);
          expect(seen.filter((id) => before.includes(id)).sort()).to.deep.equal(before.sort());
        });
      }

      it('goes through a unique index too', async () => {
        for (let number = 1; number <= 7; number += 1)
          await things.insert({ id: newId(), agency: 'A', number });
        const seen = await allPages('number', { limit: 3 }, async () => {});
        expect(new Set(seen).size).to.equal(7);
      });

      it('gives no cursor when the last page is exactly full', async () => {
        await insertRanks('A', [1, 2]);
        expect(await things.find('rank', { limit: 2 })).to.not.have.property('next');
      });

      it('refuses a cursor that was altered or belongs to another question', async () => {
        await insertRanks('A', [1, 2, 3]);
        const { next: cursor = '' } = await things.find('rank', { prefix: ['A'], limit: 1 });
        const altered = `${cursor.slice(0, -2)}${cursor.endsWith('AA') ? 'BB' : 'AA'}`;
        for (const bad of ['', 'x', '%%%', altered, cursor.slice(4)]) {
          await expectCode(
            things.find('rank', { prefix: ['A'], limit: 1, cursor: bad }),
            'storage.bad_cursor',
          );
        }
        await expectCode(things.find('rank', { prefix: ['B'], cursor }), 'storage.bad_cursor');
        await expectCode(
          things.find('rank', { prefix: ['A'], descending: true, cursor }),
          'storage.bad_cursor',
        );
        await expectCode(things.find('nested', { cursor }), 'storage.bad_cursor');
      });

      it('takes a cursor after a restart', async () => {
        const spec = thingSpec();
        const here = await store.collection<Thing>(spec);
        for (const rank of [1, 2]) await here.insert({ id: newId(), agency: 'A', rank });
        const { next: cursor = '' } = await here.find('rank', { limit: 1 });
        const later = await (await place.open()).collection<Thing>(spec);
        expect((await later.find('rank', { limit: 1, cursor })).items[0]?.rank).to.equal(2);
      });
    });

    it('refuses a query that fits no index', async () => {
      const bad: [string, FindOptions][] = [
        ['nothing', {}],
        ['__proto__', {}],
        ['rank', { prefix: ['A', 1, 2] }],
        ['rank', { prefix: ['A', 1], from: 1 }],
        ['rank', { limit: 0 }],
        ['rank', { limit: 1001 }],
        ['rank', { limit: 1.5 }],
        ['rank', { prefix: [Number.NaN] }],
        ['rank', { prefix: [{ $gt: '' } as unknown as string] }],
        ['work', {}],
        ['work', { from: 'x' }],
      ];
      for (const [index, options] of bad) await expectCode(things.find(index, options), 'storage.bad_query');
    });
  });
}
