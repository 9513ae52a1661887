import { expect } from 'chai';
import fc from 'fast-check';
import { StorageError } from '../../server/storage/errors.ts';
import type { Collection, IndexKey, Store } from '../../server/storage/ports.ts';
import { type Engine, type Place, type Thing, thingSpec } from './engine.ts';

/** What a collection should do, said in the plainest way: a map and a sort. */
type Model = Map<string, Thing>;

const field = { agency: fc.constantFrom('A', 'B'), number: fc.integer({ min: 1, max: 4 }) };
const value = fc.record(
  {
    ...field,
    rank: fc.integer({ min: -2, max: 2 }),
    work: fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const id = fc.constantFrom('i', 'j', 'k', 'l', 'm');

type Step =
  | {
      readonly act: 'insert' | 'replace';
      readonly id: string;
      readonly value: object;
      readonly behind: number;
    }
  | { readonly act: 'remove'; readonly id: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ act: fc.constant('insert' as const), id, value, behind: fc.constant(0) }),
  fc.record({ act: fc.constant('replace' as const), id, value, behind: fc.constantFrom(0, 0, 0, 1) }),
  fc.record({ act: fc.constant('remove' as const), id }),
);

export function describeModel(engine: Engine, numRuns: number): void {
  describe('any sequence of writes', () => {
    let place: Place;
    let store: Store;

    before(async () => {
      place = await engine.makePlace();
      store = await place.open();
    });
    after(() => place.remove());

    it('leaves a collection that answers like a map', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
          const things = await store.collection<Thing>(thingSpec());
          const model: Model = new Map();
          for (const each of steps) expect(await act(things, each)).to.equal(expected(model, each));
          await expectSame(things, model);
        }),
        { numRuns },
      );
    }).timeout(60_000);
  });
}

async function act(things: Collection<Thing>, each: Step): Promise<string> {
  try {
    if (each.act === 'remove') return String(await things.remove(each.id));
    if (each.act === 'insert')
      return `revision ${(await things.insert({ id: each.id, ...each.value })).revision}`;
    const revision = ((await things.get(each.id))?.revision ?? 1) - each.behind;
    return `revision ${(await things.replace({ ...each.value, id: each.id, revision })).revision}`;
  } catch (error) {
    if (error instanceof StorageError) return error.code;
    throw error;
  }
}

function expected(model: Model, each: Step): string {
  const has = model.get(each.id);
  if (each.act === 'remove') return String(model.delete(each.id));
  if (each.act === 'insert' && has !== undefined) return 'storage.duplicate';
  if (each.act === 'replace' && has === undefined) return 'storage.not_found';
  if (each.act === 'replace' && each.behind > 0) return 'storage.conflict';
  const thing: Thing = { ...each.value, id: each.id, revision: (has?.revision ?? 0) + 1 };
  const key = uniqueKey(thing);
  const taken = [...model.values()].some((other) => other.id !== thing.id && uniqueKey(other) === key);
  if (key !== undefined && taken) return 'storage.duplicate';
  model.set(thing.id, thing);
  return `revision ${thing.revision}`;
}

function uniqueKey({ agency, number }: Thing): string | undefined {
  return agency === undefined || number === undefined ? undefined : `${agency} ${number}`;
}

async function expectSame(things: Collection<Thing>, model: Model): Promise<void> {
  for (const [key, thing] of model) expect(await things.get(key)).to.deep.equal(thing);
  for (const descending of [false, true]) {
    const ranked = await things.find('rank', { descending });
    expect(ranked.items.map((thing) => thing.id)).to.deep.equal(
      sorted(model, (thing) => [thing.agency, thing.rank], descending),
    );
    const worked = await things.find('work', { prefix: ['x'], descending });
    const hasX = new Map([...model].filter(([, thing]) => thing.work?.includes('x')));
    expect(worked.items.map((thing) => thing.id)).to.deep.equal(
      sorted(hasX, (thing) => [thing.rank], descending),
    );
  }
}

function sorted(
  model: Model,
  fields: (thing: Thing) => (IndexKey | undefined)[],
  descending: boolean,
): string[] {
  const rows = [...model.values()].map((thing) => [...fields(thing), thing.id]);
  const ids = rows
    .filter((row) => !row.includes(undefined))
    .sort(compare)
    .map((row) => String(row.at(-1)));
  return descending ? ids.reverse() : ids;
}

function compare(a: readonly (IndexKey | undefined)[], b: readonly (IndexKey | undefined)[]): number {
  const at = a.findIndex((key, place) => key !== b[place]);
  return at === -1 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1;
}
