import { expect } from 'chai';
import { newId } from '../../server/platform/ids.ts';
import type { Collection, Store } from '../../server/storage/ports.ts';
import { type Engine, freshName, type Place, type Thing, thingSpec } from './engine.ts';
import { expectCode } from './expect-code.ts';

export function describeCollection(engine: Engine): void {
  describe('a collection', () => {
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

    describe('one document', () => {
      it('comes back as it went in, with revision 1', async () => {
        const value = {
          id: newId(),
          title: 'Quyết định số 01/QĐ-UBND "đặc biệt" \u0000 🇻🇳',
          nested: {
            $ref: '#/x',
            'a.b': [1, 2.5, -3, 1e21, true, null, {}, []],
            '%24': 1,
            '%': [[2, [[], {}]]],
            ['__proto__']: 'x',
          },
          empty: {},
        };
        const inserted = await things.insert(value);
        expect(inserted).to.deep.equal({ ...value, revision: 1 });
        expect(await things.get(value.id)).to.deep.equal({ ...value, revision: 1 });
      });

      it('is unknown until it is inserted', async () => {
        expect(await things.get('nobody')).to.equal(undefined);
      });

      it('keeps nothing that JSON cannot carry', async () => {
        const saved = await things.insert({ id: newId(), missing: undefined, when: new Date(0) });
        expect(saved).to.not.have.property('missing');
        expect(saved.when).to.equal('1970-01-01T00:00:00.000Z');
      });

      it('shares nothing with what the caller holds', async () => {
        const work = ['a'];
        const saved = await things.insert({ id: newId(), work });
        work.push('b');
        expect((await things.get(saved.id))?.work).to.deep.equal(['a']);
      });

      it('cannot be inserted twice under one id', async () => {
        const { id } = await things.insert({ id: newId() });
        const error = await expectCode(things.insert({ id }), 'storage.duplicate');
        expect(error.details.index).to.equal('id');
      });

      it('is refused without a usable id', async () => {
        for (const id of ['', 'x'.repeat(257), 'a\0b', '\ud800']) {
          await expectCode(things.insert({ id }), 'storage.bad_value');
        }
      });

      it('is refused when it holds a lone surrogate, which no hash can carry', async () => {
        await expectCode(things.insert({ id: newId(), text: 'x\udfff' }), 'storage.bad_value');
        await expectCode(things.insert({ id: newId(), inner: { 'x\ud800': 1 } }), 'storage.bad_value');
      });

      it('is refused when it is too large', async () => {
        const text = 'x'.repeat(9 * 1024 * 1024);
        await expectCode(things.insert({ id: newId(), text }), 'storage.too_large');
      });

      it('is gone after remove, which says whether there was one', async () => {
        const { id } = await things.insert({ id: newId(), agency: 'A', number: 1, work: ['x'], rank: 1 });
        expect(await things.remove(id)).to.equal(true);
        expect(await things.remove(id)).to.equal(false);
        expect(await things.get(id)).to.equal(undefined);
        expect(await things.count('work', { prefix: ['x'] })).to.equal(0);
        await things.insert({ id: newId(), agency: 'A', number: 1 });
      });
    });

    describe('optimistic concurrency', () => {
      it('gives each replace the next revision', async () => {
        const first = await things.insert({ id: newId(), rank: 1 });
        const second = await things.replace({ ...first, rank: 2 });
        expect(second.revision).to.equal(2);
        expect(await things.get(first.id)).to.deep.equal(second);
      });

      it('replaces the whole document', async () => {
        const { id } = await things.insert({ id: newId(), rank: 1, work: ['x'] });
        await things.replace({ id, revision: 1, agency: 'A' });
        expect(await things.get(id)).to.deep.equal({ id, revision: 2, agency: 'A' });
      });

      it('refuses a revision that is not the stored one', async () => {
        const first = await things.insert({ id: newId() });
        await things.replace(first);
        await expectCode(things.replace(first), 'storage.conflict');
        await expectCode(things.replace({ ...first, revision: 3 }), 'storage.conflict');
      });

      it('refuses to replace what is not there', async () => {
        await expectCode(things.replace({ id: newId(), revision: 1 }), 'storage.not_found');
      });

      it('lets exactly one of twenty racing writers win, also through two stores', async () => {
        const spec = thingSpec();
        const here = await store.collection<Thing>(spec);
        const there = await (await place.open()).collection<Thing>(spec);
        const first = await here.insert({ id: newId() });
        const outcomes = await Promise.allSettled(
          Array.from({ length: 20 }, (_, rank) => (rank % 2 ? here : there).replace({ ...first, rank })),
        );
        const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
        const codes = outcomes.flatMap((outcome) =>
          outcome.status === 'rejected' ? outcome.reason.code : [],
        );
        expect(won).to.have.length(1);
        expect(codes).to.deep.equal(Array(19).fill('storage.conflict'));
        expect(await there.get(first.id)).to.deep.equal(won[0]?.value);
      });
    });

    describe('a unique index', () => {
      it('refuses a second document with the key and names the index', async () => {
        await things.insert({ id: newId(), agency: 'A', number: 1 });
        const error = await expectCode(
          things.insert({ id: newId(), agency: 'A', number: 1 }),
          'storage.duplicate',
        );
        expect(error.details.index).to.equal('number');
        await things.insert({ id: newId(), agency: 'A', number: 2 });
        await things.insert({ id: newId(), agency: 'B', number: 1 });
      });

      it('refuses it on replace too, and then nothing has changed', async () => {
        await things.insert({ id: newId(), agency: 'A', number: 1 });
        const second = await things.insert({ id: newId(), agency: 'A', number: 2, work: ['x'], rank: 1 });
        await expectCode(things.replace({ ...second, number: 1, work: [] }), 'storage.duplicate');
        expect(await things.get(second.id)).to.deep.equal(second);
        expect(await things.count('work', { prefix: ['x'] })).to.equal(1);
      });

      it('does not mind documents that lack one of the fields', async () => {
        for (const value of [{}, {}, { agency: 'A' }, { agency: 'A' }, { number: 1 }, { number: 1 }]) {
          await things.insert({ id: newId(), ...value });
        }
        expect(await things.count('number')).to.equal(0);
        expect(await things.count('number', { prefix: ['A'] })).to.equal(0);
      });

      it('gives the key free when its document moves on', async () => {
        const first = await things.insert({ id: newId(), agency: 'A', number: 1 });
        await things.replace({ ...first, number: 2 });
        await things.insert({ id: newId(), agency: 'A', number: 1 });
      });

      it('lets exactly one of twenty racing inserts win', async () => {
        const outcomes = await Promise.allSettled(
          Array.from({ length: 20 }, () => things.insert({ id: newId(), agency: 'A', number: 7 })),
        );
        expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).to.have.length(1);
        expect(await things.count('number', { prefix: ['A', 7] })).to.equal(1);
      });
    });

    describe('declaring', () => {
      it('gives the same collection for the same spec', async () => {
        const spec = thingSpec();
        expect(await store.collection(spec)).to.equal(await store.collection(spec));
      });

      it('refuses the same name with another spec, and what is no spec', async () => {
        const name = freshName();
        await store.collection({ name, indexes: {} });
        const bad = [
          { name, indexes: { rank: { fields: ['rank'] } } },
          { name: 'x"; DROP TABLE _meta; --', indexes: {} },
          { name: '_meta', indexes: {} },
          { name: freshName(), indexes: { 'a b': { fields: ['x'] } } },
          { name: freshName(), indexes: { a: { fields: [] } } },
          { name: freshName(), indexes: { a: { fields: ['x..y'] } } },
          { name: freshName(), indexes: { a: { fields: ['x'], array: 'y' } } },
          { name: freshName(), indexes: { a: { fields: ['x', 'y'], array: 'y', unique: true } } },
          {
            name: freshName(),
            indexes: { a: { fields: ['x'], unique: true }, b: { fields: ['y'], unique: true } },
          },
        ];
        for (const spec of bad) await expectCode((async () => store.collection(spec))(), 'storage.bad_spec');
      });

      it('fills the indexes anew when the spec has changed since the last start', async () => {
        const name = freshName();
        const before = await store.collection<Thing>({ name, indexes: { rank: { fields: ['rank'] } } });
        for (const rank of [3, 1, 2]) await before.insert({ id: newId(), rank, agency: `agency ${rank}` });
        const later = await place.open();
        const after = await later.collection<Thing>({
          name,
          indexes: { agency: { fields: ['agency'], unique: true }, rank: { fields: ['rank', 'agency'] } },
        });
        const ranks = async (index: string) => (await after.find(index)).items.map((thing) => thing.rank);
        expect(await ranks('agency')).to.deep.equal([1, 2, 3]);
        expect(await ranks('rank')).to.deep.equal([1, 2, 3]);
        await expectCode(after.insert({ id: newId(), agency: 'agency 2' }), 'storage.duplicate');
      });
    });
  });
}
