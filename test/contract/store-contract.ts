import { expect } from 'chai';
import { newId } from '../../server/platform/ids.ts';
import { describeAudit } from './audit-contract.ts';
import { describeBlobs } from './blobs-contract.ts';
import { describeCollection } from './collection-contract.ts';
import { type Engine, type Thing, thingSpec } from './engine.ts';
import { expectCode } from './expect-code.ts';
import { describeFind } from './find-contract.ts';
import { describeModel } from './model-contract.ts';
import { describeOutbox } from './outbox-contract.ts';
import { describeRegisters } from './registers-contract.ts';
import { describeUsage } from './usage-contract.ts';

/** All that a feature may rely on, the same for every engine. */
export function describeStore(engine: Engine, options: { readonly modelRuns: number }): void {
  describe(`the contract of a store, on ${engine.name}`, () => {
    describe('a store', () => {
      it('keeps everything over a restart, answers a ping while open, and says when it is closed', async () => {
        const place = await engine.makePlace();
        const spec = thingSpec();
        const store = await place.open();
        const things = await store.collection<Thing>(spec);
        const thing = await things.insert({ id: newId(), rank: 1 });
        expect(await store.ping()).to.equal(true);
        await store.close();
        expect(await store.ping()).to.equal(false);
        await expectCode(things.get(thing.id), 'storage.closed');
        await expectCode(things.insert({ id: newId() }), 'storage.closed');
        const again = await (await place.open()).collection<Thing>(spec);
        expect(await again.get(thing.id)).to.deep.equal(thing);
        await place.remove();
      });
    });
    describeCollection(engine);
    describeFind(engine);
    describeModel(engine, options.modelRuns);
    describeOutbox(engine);
    describeUsage(engine);
    describeAudit(engine);
    describeRegisters(engine);
    describeBlobs(engine);
  });
}
