import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { systemClock } from '../../server/platform/clock.ts';
import { openStore } from '../../server/storage/open-store.ts';
import type { Store } from '../../server/storage/ports.ts';
import type { Engine } from './engine.ts';
import { isAtomic, openGate } from './one-at-a-time.ts';
import { describeStore } from './store-contract.ts';

/** Asked once, when the suite begins. */
let server = process.env.ANSO_TEST_MONGODB_URI ?? '';

const mongodb: Engine = {
  name: 'a MongoDB-wire server',
  async makePlace() {
    const mongodbUri = inDatabase(`anso_${randomBytes(6).toString('hex')}`);
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
      async leaveHalfBlob() {
        const _id = new mongoose.Types.ObjectId();
        await behind.collection('blobs.chunks').insertOne({ files_id: _id, n: 0, data: Buffer.from('half') });
        await behind
          .collection('_uploads')
          .insertOne({ _id, started: new Date(Date.now() - 25 * 60 * 60 * 1000) });
      },
      async countHalfBlobs() {
        const whole = await behind.collection('blobs.files').distinct('_id');
        const pieces = await behind.collection('blobs.chunks').countDocuments({ files_id: { $nin: whole } });
        return pieces + (await behind.collection('_uploads').countDocuments());
      },
      async remove() {
        await Promise.all(opened.map((store) => store.close()));
        await behind.dropDatabase();
        await behind.close();
      },
    };
  },
};

function inDatabase(name: string): string {
  return server.replace(/^(mongodb(?:\+srv)?:\/\/[^/]+)(?:\/[^?]*)?/, `$1/${name}`);
}

describe('MongoDB', () => {
  if (server === '') {
    it('NOT RUN: the contract of a store; set ANSO_TEST_MONGODB_URI (scripts/ferretdb.sh start prints one)');
    return;
  }
  let gate: { close(): void } | undefined;
  before(async () => {
    if (await isAtomic(inDatabase('anso_probe'))) return;
    console.log('  This server does not keep updates of one document apart: it gets one command at a time.');
    const opened = await openGate(server);
    server = opened.uri;
    gate = opened;
  });
  after(() => gate?.close());
  describeStore(mongodb, { modelRuns: 12 });
});
