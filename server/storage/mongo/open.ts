import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Clock } from '../../platform/clock.ts';
import { openGridFsBlobs } from '../blobs/gridfs.ts';
import { checkSpec } from '../collection-spec.ts';
import { Cursors } from '../cursor.ts';
import { Declarations } from '../declarations.ts';
import { StorageError } from '../errors.ts';
import { Dispatcher, type StoreLogger } from '../outbox.ts';
import type { Store } from '../ports.ts';
import { MongoAuditLog } from './audit-log.ts';
import { MongoCollection } from './collection.ts';
import { makeCollectionModel } from './collection-model.ts';
import { connect } from './connection.ts';
import { declareIndexes } from './declare.ts';
import { type Models, makeModels } from './models.ts';
import { mongoOutboxes } from './outbox-source.ts';
import { MongoRegisters } from './registers.ts';
import { translated, unlessThere } from './translate-error.ts';
import { MongoUsageLedger } from './usage-ledger.ts';

export interface MongoOptions {
  /** `mongodb://…/database` of a replica set, a sharded cluster or a compatible server. */
  readonly mongodbUri: string;
}

/** The form of what is kept; a step that changes it adds one and says how to get there. */
const FORM = 1;

/** The store of many machines. @throws StorageError when the database cannot be used, with the reason as its code. */
export async function openMongo(options: MongoOptions, clock: Clock, logger?: StoreLogger): Promise<Store> {
  const connection = await connect(options.mongodbUri);
  try {
    return await assemble(connection, clock, logger);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function assemble(connection: Connection, clock: Clock, logger?: StoreLogger): Promise<Store> {
  const models = makeModels(connection);
  const key = await translated(() => prepare(models));
  const cursors = new Cursors(key);
  const usage = new MongoUsageLedger(models, cursors);
  const audit = new MongoAuditLog(models.audit);
  const dispatcher = new Dispatcher(mongoOutboxes(connection, models.collections), usage, audit, logger);
  const context = { cursors, wake: () => dispatcher.wake(), dispatch: () => dispatcher.dispatch() };
  const declarations = new Declarations(async (spec) => {
    checkSpec(spec);
    const model = makeCollectionModel(connection, spec);
    await declareIndexes(models.collections, model, spec);
    return new MongoCollection(model, spec, context);
  });
  const blobs = await openGridFsBlobs(connection, models.uploads, clock);
  dispatcher.wake();
  return {
    engine: 'mongodb',
    collection: (spec) => declarations.declare(spec),
    usage,
    audit,
    registers: new MongoRegisters(models.registers),
    blobs,
    dispatch: () => dispatcher.dispatch(),
    ping: async () => {
      try {
        return (await connection.db?.command({ ping: 1 }))?.ok === 1;
      } catch {
        return false;
      }
    },
    close: async () => {
      await dispatcher.stop();
      await connection.close();
    },
  };
}

/** Indexes of our own, the form of what is kept, and the key of cursors: each written once by whoever comes first. */
async function prepare(models: Models): Promise<Uint8Array> {
  const form = await once(models.meta, 'form', FORM);
  if (Number(form) > FORM) {
    throw new StorageError('storage.too_new', `the database has form ${form}, this version ${FORM}`);
  }
  for (const model of Object.values(models) as Models['meta'][]) {
    await model.createCollection();
    await model.createIndexes();
  }
  return Buffer.from(String(await once(models.meta, 'cursor_key', randomBytes(32).toString('hex'))), 'hex');
}

async function once(meta: Models['meta'], _id: string, value: unknown): Promise<unknown> {
  await unlessThere(() => meta.updateOne({ _id }, { $setOnInsert: { value } }, { upsert: true }).exec());
  return (await meta.findOne({ _id }).lean())?.value;
}
