import type { Model } from 'mongoose';
import { specText } from '../collection-spec.ts';
import { keysOf } from '../index-keys.ts';
import type { CollectionSpec } from '../ports.ts';
import { derivedParts, type MongoDocument, specDigest } from './collection-model.ts';
import { unescapeNames } from './escape.ts';
import type { Models } from './models.ts';
import { translated, unlessThere } from './translate-error.ts';

const PAGE = 500;

/**
 * Makes the indexes of a collection. When the spec is not the one the keys were made by, they are made anew, document
 * by document, each only if nobody has written it meanwhile (who has, has made the keys). A node of the version
 * before, still running, would go on writing old keys: stop it first.
 */
export function declareIndexes(
  collections: Models['collections'],
  model: Model<MongoDocument>,
  spec: CollectionSpec,
): Promise<void> {
  return translated(async () => {
    const value = specText(spec);
    const known = await collections.findOne({ _id: spec.name }).lean();
    if (known?.value === value) return;
    // Known first, so that the dispatcher finds the collection whatever happens next.
    const first = { $setOnInsert: { value: '' } };
    await unlessThere(() => collections.updateOne({ _id: spec.name }, first, { upsert: true }).exec());
    await makeKeysAnew(model, spec);
    await model.createCollection();
    await model.syncIndexes();
    await collections.updateOne({ _id: spec.name }, { $set: { value } });
  });
}

async function makeKeysAnew(model: Model<MongoDocument>, spec: CollectionSpec): Promise<void> {
  for (;;) {
    const rows = await model
      .find({ spec: { $ne: specDigest(spec) } })
      .limit(PAGE)
      .lean<MongoDocument[]>();
    if (rows.length === 0) return;
    for (const { _id, revision, body } of rows) {
      const document = unescapeNames(body) as object;
      const parts = derivedParts(_id, document, keysOf({ ...document, id: _id }, spec), spec);
      await model.updateOne({ _id, revision }, { $set: parts });
    }
  }
}
