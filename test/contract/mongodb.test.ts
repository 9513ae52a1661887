import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { systemClock } from '../../server/platform/clock.ts';
import { openStore } from '../../server/storage/open-store.ts';
import type { Store } from '../../server/storage/ports.ts';
import type { Engine } from './engine.ts';
import { describeStore } from './store-contract.ts';

const server = process.env.ANSO_TEST_MONGODB_URI;

function mongodb(base: string): Engine {
  return {
    name: 'a MongoDB-wire server',
    async makePlace() {
      const name = `anso_${randomBytes(6).toString('hex')}`;
      const mongodbUri = base.replace(/^(mongodb(?:\+srv)?:\/\/[^/]+)(?:\/[^?]*)?/, `$1/${name}`);
      const opened: Store[] = [];
      const behind = await mongoose.createConnection(mongodbUri).asPromise();
      return {
        async open() {
          const store = await openStore({ mongodbUri }, systemClock);
          opened.push(store);
          return store;
        },
        async forgeAuditEntry(sequence) {
          await behind
            .collection('_audit_entries')
            .updateOne({ sequence }, { $set: { 'event.actor': 'nobody' } });
        },
        async remove() {
          await Promise.all(opened.map((store) => store.close()));
          await behind.dropDatabase();
          await behind.close();
        },
      };
    },
  };
}

if (server) describeStore(mongodb(server), { modelRuns: 12 });
else {
  describe('the contract of a store, on a MongoDB-wire server', () => {
    it('NOT RUN: set ANSO_TEST_MONGODB_URI (scripts/ferretdb.sh start prints one)');
  });
}
