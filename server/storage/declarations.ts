import { specText } from './collection-spec.ts';
import { StorageError } from './errors.ts';
import type { Aggregate, Collection, CollectionSpec } from './ports.ts';

// biome-ignore lint/suspicious/noExplicitAny: one list holds collections of every kind; each caller knows its own.
type AnyCollection = Collection<any>;

/** The collections declared in this process, each made once. */
export class Declarations {
  readonly #make: (spec: CollectionSpec) => Promise<AnyCollection>;
  readonly #made = new Map<string, { readonly text: string; readonly collection: Promise<AnyCollection> }>();

  constructor(make: (spec: CollectionSpec) => Promise<AnyCollection>) {
    this.#make = make;
  }

  async declare<T extends Aggregate>(spec: CollectionSpec): Promise<Collection<T>> {
    const text = specText(spec);
    const known = this.#made.get(spec.name);
    if (known === undefined) {
      const collection = this.#make(spec);
      this.#made.set(spec.name, { text, collection });
      collection.catch(() => this.#made.delete(spec.name));
      return collection;
    }
    if (known.text !== text) {
      throw new StorageError('storage.bad_spec', `collection ${spec.name} is declared in two ways`);
    }
    return known.collection;
  }
}
