import { open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { systemClock } from '../../server/platform/clock.ts';
import { newId } from '../../server/platform/ids.ts';
import type { Aggregate } from '../../server/storage/ports.ts';
import { Database } from '../../server/storage/sqlite/database.ts';
import { migrate } from '../../server/storage/sqlite/migrate.ts';
import { migrations } from '../../server/storage/sqlite/migrations.ts';
import { openSqlite } from '../../server/storage/sqlite/open.ts';
import { SqliteRegisters } from '../../server/storage/sqlite/registers.ts';
import { expectCode } from '../contract/expect-code.ts';
import { scratchFolder } from './scratch.ts';

describe('the SQLite database', () => {
  const folder = scratchFolder();
  const file = () => join(folder.path, 'anso.db');
  const openStore = (patienceMs = 5000) => openSqlite({ dataDir: folder.path, patienceMs }, systemClock);

  it('is readable by its owner only, its log as well', async () => {
    const store = await openStore();
    await store.collection({ name: 'things', indexes: {} });
    for (const name of ['anso.db', 'anso.db-wal']) {
      expect((await stat(join(folder.path, name))).mode & 0o077).to.equal(0);
    }
    await store.close();
  });

  it('puts each commit on stable storage before it answers', async () => {
    const database = new Database(file());
    await database.configure();
    expect(database.get('PRAGMA journal_mode')).to.deep.include({ journal_mode: 'wal' });
    expect(database.get('PRAGMA synchronous')).to.deep.include({ synchronous: 2 });
    expect(database.get('PRAGMA foreign_keys')).to.deep.include({ foreign_keys: 1 });
    database.close();
  });

  describe('migrations', () => {
    const withDatabase = async (work: (database: Database) => Promise<unknown>) => {
      const database = new Database(file());
      await work(database).finally(() => database.close());
    };

    it('run once, in order, and the next start adds only what is new', async () => {
      const first = 'CREATE TABLE a (x)';
      const second = 'INSERT INTO a VALUES (1)';
      await withDatabase((database) => migrate(database, systemClock, [first]));
      await withDatabase(async (database) => {
        await migrate(database, systemClock, [first, second]);
        await migrate(database, systemClock, [first, second]);
        expect(database.all('SELECT x FROM a')).to.have.length(1);
      });
    });

    it('are whole or not at all', async () => {
      await withDatabase(async (database) => {
        const error = await migrate(database, systemClock, ['CREATE TABLE a (x)', 'nonsense']).catch(
          (reason) => reason,
        );
        expect(error).to.be.instanceOf(Error);
        expect(database.all('SELECT name FROM sqlite_schema')).to.deep.equal([]);
      });
    });

    it('refuse the database of a newer version', async () => {
      await withDatabase((database) =>
        migrate(database, systemClock, [...migrations, 'CREATE TABLE later (x)']),
      );
      await expectCode(openStore(), 'storage.too_new');
    });

    it('refuse a database whose steps are not the ones that shipped', async () => {
      await withDatabase((database) => migrate(database, systemClock, ['CREATE TABLE other (x)']));
      await expectCode(openStore(), 'storage.corrupt');
    });

    it('refuse the database of another program, and leave it as it was', async () => {
      const other = new DatabaseSync(file());
      other.exec('CREATE TABLE mine (x)');
      other.close();
      await expectCode(openStore(), 'storage.foreign');
      await withDatabase(async (database) => {
        expect(database.all('SELECT name FROM sqlite_schema').map((row) => row.name)).to.deep.equal(['mine']);
      });
    });
  });

  describe('when something is wrong', () => {
    it('says so of a file that is no database', async () => {
      await writeFile(file(), 'this is no database, but it is long enough to look like one\n'.repeat(100));
      await expectCode(openStore(), 'storage.corrupt');
    });

    it('says so of a database with damaged pages', async () => {
      const store = await openStore();
      const things = await store.collection<Aggregate & { text: string }>({ name: 'things', indexes: {} });
      const ids: string[] = [];
      for (let at = 0; at < 50; at += 1) {
        ids.push((await things.insert({ id: newId(), text: 'x'.repeat(3000) })).id);
      }
      await store.close();
      const size = (await stat(file())).size;
      const handle = await open(file(), 'r+');
      const from = 100 * 1024;
      await handle.write(Buffer.alloc(size - from, 0xa5), 0, size - from, from);
      await handle.close();
      const work = async () => {
        const again = await openStore();
        try {
          const damaged = await again.collection({ name: 'things', indexes: {} });
          for (const id of ids) await damaged.get(id);
        } finally {
          await again.close();
        }
      };
      await expectCode(work(), 'storage.corrupt');
    });

    it('says that it is busy when another process holds the lock, and loses nothing', async () => {
      const store = await openStore(30);
      const things = await store.collection({ name: 'things', indexes: {} });
      const { id } = await things.insert({ id: newId() });
      const other = new DatabaseSync(file());
      other.exec('BEGIN IMMEDIATE');
      await expectCode(things.insert({ id: newId() }), 'storage.busy');
      await expectCode(
        store.registers.allocate({ series: 's', documentId: id, time: '', columns: {} }),
        'storage.busy',
      );
      expect(await things.get(id)).to.deep.equal({ id, revision: 1 });
      other.exec('COMMIT');
      other.close();
      expect((await things.replace({ id, revision: 1 })).revision).to.equal(2);
      expect(
        (await store.registers.allocate({ series: 's', documentId: id, time: '', columns: {} })).number,
      ).to.equal(1);
      await store.close();
    });

    it('waits for a lock without stopping the process', async () => {
      const store = await openStore();
      const things = await store.collection({ name: 'things', indexes: {} });
      const other = new DatabaseSync(file());
      other.exec('BEGIN IMMEDIATE');
      const insert = things.insert({ id: 'a' });
      // Would never run if the wait were inside SQLite.
      setImmediate(() => {
        other.exec('COMMIT');
        other.close();
      });
      expect((await insert).revision).to.equal(1);
      await store.close();
    });

    it('says that it is full, with nothing half written and no number lost', async () => {
      const database = new Database(file());
      await database.configure();
      await migrate(database, systemClock);
      const registers = new SqliteRegisters(database);
      const pages = Number(database.get('PRAGMA page_count')?.page_count);
      database.exec(`PRAGMA max_page_count = ${pages + 2}`);
      let given = 0;
      const fill = async () => {
        for (;;) {
          const columns = { text: 'x'.repeat(1000) };
          await registers.allocate({ series: 's', documentId: `d${given}`, time: '', columns });
          given += 1;
        }
      };
      await expectCode(fill(), 'storage.full');
      database.exec(`PRAGMA max_page_count = ${pages + 100}`);
      expect(await registers.rows('s')).to.have.length(given);
      const next = await registers.allocate({ series: 's', documentId: 'later', time: '', columns: {} });
      expect(next.number).to.equal(given + 1);
      database.close();
    });
  });
});
