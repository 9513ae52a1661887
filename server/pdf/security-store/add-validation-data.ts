import { createHash } from 'node:crypto';
import { PdfError } from '../errors.ts';
import { PdfDict, PdfName, type PdfObject, PdfRef, PdfStream } from '../objects.ts';
import type { IncrementalUpdate } from '../update/incremental-update.ts';
import { declareExtension } from './declare-extension.ts';

/** What proves a signature later, without asking anybody: DER of certificates, OCSP responses and CRLs. */
export interface ValidationData {
  readonly certificates: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

/** Validation data of one signature or document time stamp. */
export interface SignatureValidationData extends ValidationData {
  /** /Contents as the file has it, with its padding. */
  readonly contents: Uint8Array;
}

/** Key in the store, key in its VRI (ISO 32000-2 tables 261 and 262). */
const KINDS = [
  { of: 'certificates', all: 'Certs', own: 'Cert' },
  { of: 'ocsps', all: 'OCSPs', own: 'OCSP' },
  { of: 'crls', all: 'CRLs', own: 'CRL' },
] as const;

/** Streams of a store that was there are compared with what is added; a store with more gets doubles. */
const MAX_COMPARED = 2000;

/**
 * Adds to the document security store (ISO 32000-2 12.8.4.3, EN 319 142-1 5.4.2), or makes one: each certificate,
 * response and list is one stream in all, and the VRI says of each signature which are its own. What was there stays,
 * with its object numbers; the catalog changes only when it does not lead to the store by a reference yet.
 *
 * @returns false when everything was there already, and then nothing is changed.
 * @throws PdfError for structure that cannot be read
 */
export function addValidationData(
  update: IncrementalUpdate,
  signatures: readonly SignatureValidationData[],
): boolean {
  const place = update.catalog.get('DSS');
  const before = update.dict(place) ?? new PdfDict();
  const entries: Record<string, PdfObject> = {};
  const references = new Map<Uint8Array, PdfRef>();
  for (const { of, all } of KINDS) {
    const list = new StreamList(update, before.get(all));
    for (const signature of signatures) {
      for (const der of signature[of]) references.set(der, list.add(der));
    }
    if (list.grew) entries[all] = list.items;
  }
  const vri = changedVri(update, before.get('VRI'), signatures, references);
  if (vri !== undefined) entries.VRI = vri;
  if (Object.keys(entries).length === 0) return false;
  const store = before.with(entries);
  if (place instanceof PdfRef && update.dict(place)) update.set(place, store);
  else update.set(update.catalogRef, update.catalog.with({ DSS: update.add(store) }));
  declareExtension(update);
  return true;
}

/** One array of streams of the store. */
class StreamList {
  readonly #update: IncrementalUpdate;
  readonly #items: PdfObject[];
  readonly #known = new Map<string, PdfRef>();
  grew = false;

  constructor(update: IncrementalUpdate, value: PdfObject | undefined) {
    this.#update = update;
    this.#items = [...(update.array(value) ?? [])];
    for (const item of this.#items.slice(0, MAX_COMPARED)) {
      const data = item instanceof PdfRef ? dataOf(update, item) : undefined;
      if (data && item instanceof PdfRef) this.#known.set(digestOf(data), item);
    }
  }

  get items(): readonly PdfObject[] {
    return this.#items;
  }

  add(der: Uint8Array): PdfRef {
    const digest = digestOf(der);
    const known = this.#known.get(digest);
    if (known) return known;
    const ref = this.#update.add(new PdfStream(new PdfDict(), der));
    this.#known.set(digest, ref);
    this.#items.push(ref);
    this.grew = true;
    return ref;
  }
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What cannot be read is left where it is, and is the same as nothing. */
function dataOf(update: IncrementalUpdate, item: PdfRef): Uint8Array | undefined {
  try {
    const stream = update.stream(item);
    return stream && update.decode(stream);
  } catch (error) {
    if (error instanceof PdfError) return undefined;
    throw error;
  }
}

/** The new value of /VRI, undefined when it stays. It is written where it was: in the store, or an object of its own. */
function changedVri(
  update: IncrementalUpdate,
  place: PdfObject | undefined,
  signatures: readonly SignatureValidationData[],
  references: ReadonlyMap<Uint8Array, PdfRef>,
): PdfObject | undefined {
  const before = update.dict(place) ?? new PdfDict();
  const entries: Record<string, PdfObject> = {};
  for (const signature of signatures) {
    const key = vriKey(signature.contents);
    const entry = changedEntry(update, entries[key] ?? before.get(key), signature, references);
    if (entry) entries[key] = entry;
  }
  if (Object.keys(entries).length === 0) return undefined;
  const vri = before.with(entries);
  return place instanceof PdfRef && update.dict(place) ? update.set(place, vri) : vri;
}

/** ISO 32000-2 table 261: base-16 SHA-1 of /Contents as it stands, in upper case. */
export const vriKey = (contents: Uint8Array): string =>
  createHash('sha1').update(contents).digest('hex').toUpperCase();

function changedEntry(
  update: IncrementalUpdate,
  place: PdfObject | undefined,
  signature: SignatureValidationData,
  references: ReadonlyMap<Uint8Array, PdfRef>,
): PdfDict | undefined {
  const before = update.dict(place) ?? PdfDict.of({ Type: PdfName.of('VRI') });
  const entries: Record<string, PdfObject> = {};
  for (const { of, own } of KINDS) {
    const items = [...(update.array(before.get(own)) ?? [])];
    const count = items.length;
    for (const der of signature[of]) {
      const ref = references.get(der);
      if (ref && !items.some((item) => ref.equals(item))) items.push(ref);
    }
    if (items.length > count) entries[own] = items;
  }
  return Object.keys(entries).length === 0 ? undefined : before.with(entries);
}
