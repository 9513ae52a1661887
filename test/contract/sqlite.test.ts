import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../server/platform/clock.ts';
import { openStore } from '../../server/storage/open-store.ts';
import type { Store } from '../../server/storage/ports.ts';
import type { Engine } from './engine.ts';
import { describeStore } from './store-contract.ts';

const sqlite: Engine = {
  name: 'SQLite',
  async makePlace() {
    const dataDir = await mkdtemp(join(tmpdir(), 'anso-contract-'));
    const opened: Store[] = [];
    return {
      async open() {
        const store = await openStore({ dataDir }, systemClock);
        opened.push(store);
        return store;
      },
      async forgeAuditEntry(sequence) {
        const database = new DatabaseSync(join(dataDir, 'anso.db'));
        database
          .prepare(`UPDATE _audit_entry SET event = json_set(event, '$.actor', 'nobody') WHERE sequence = ?`)
          .run(sequence);
        database.close();
      },
      async leaveHalfBlob() {
        // No process has a number this large (the limit of Linux is 2^22).
        await mkdir(join(dataDir, 'blobs', 'tmp'), { recursive: true });
        await writeFile(join(dataDir, 'blobs', 'tmp', '999999999-half'), 'half');
      },
      async countHalfBlobs() {
        return (await readdir(join(dataDir, 'blobs', 'tmp'))).length;
      },
      async remove() {
        await Promise.all(opened.map((store) => store.close()));
        await rm(dataDir, { recursive: true });
      },
    };
  },
};

describeStore(sqlite, { modelRuns: 60 });
