import { parsePdfDate } from '../date.ts';
import type { PdfView } from '../document.ts';
import { PdfError } from '../errors.ts';
import { type FormField, listFields } from '../forms/field-tree.ts';
import { PdfDict, type PdfObject, PdfRef } from '../objects.ts';
import type { Span } from '../parser.ts';
import { type DocMdp, type FieldLock, readFieldLock, readPermission, readTransforms } from './locks.ts';

/** A signature dictionary (ISO 32000-2 table 255) and where it was found. Nothing in it is verified. */
export interface SignatureEntry {
  /** Fully qualified name of its field; undefined when no field has it (a /Perms entry only). */
  readonly fieldName: string | undefined;
  readonly field: FormField | undefined;
  /** Other fields with the same name: 12.7.4.2 forbids that, and a reader may show either. */
  readonly duplicateName: boolean;
  /** Names of other fields with this very dictionary as their value. */
  readonly alsoIn: readonly string[];
  /** The signature dictionary's own object; undefined when it stands directly in its field. */
  readonly ref: PdfRef | undefined;
  readonly dict: PdfDict;
  readonly type: 'signature' | 'timestamp';
  readonly filter: string | undefined;
  readonly subFilter: string | undefined;
  /** /Contents with its padding, empty when there is none. */
  readonly contents: Uint8Array;
  /** Written as `<hex>`, as it has to be beside a /ByteRange. */
  readonly contentsHex: boolean;
  /**
   * Where /Contents stands in the file, its delimiters included, as the parser of the dictionary found it; undefined
   * when it has no place of its own (in an object stream, or a reference).
   */
  readonly contentsSpan: Span | undefined;
  /** /ByteRange as it stands when it is an array of integers, else undefined. */
  readonly byteRange: readonly number[] | undefined;
  /** The revision that wrote the dictionary as it is now. */
  readonly revisionIndex: number;
  readonly name?: string;
  readonly reason?: string;
  readonly location?: string;
  readonly contactInfo?: string;
  /** /M as written, and as an instant when it is a date. */
  readonly m?: string;
  readonly claimedTime?: Date;
  /** DocMDP permission, when this is a certification signature. */
  readonly docMdp?: DocMdp;
  /** Whether the catalog's /Perms /DocMDP names this signature. */
  readonly inPerms: boolean;
  readonly fieldMdp?: FieldLock;
  /** The field's /Lock, with its own permission (PDF 2.0). */
  readonly lock?: FieldLock & { readonly permission?: DocMdp };
  /** Keys the dictionary has more than once, by which readers can be made to disagree. */
  readonly repeatedKeys: readonly string[];
}

/**
 * The signatures of a document as of a revision, oldest first: those of the field tree, and a certification signature
 * that only /Perms names. Offsets come from parsing each dictionary where it stands, never from a search for text.
 * @throws PdfError for structure that cannot be read.
 */
export function listSignatures(view: PdfView): SignatureEntry[] {
  const fields = listFields(view).filter((field) => field.type === 'Sig');
  const signed = fields.filter((field) => view.dict(field.value));
  if (signed.length > view.limits.signatures) throw new PdfError('pdf.too_complex', 'too many signatures');
  const byName = Map.groupBy(fields, (field) => field.name);
  const byValue = Map.groupBy(signed, ({ value }) => (value instanceof PdfRef ? value.number : value));
  const entries = signed.map((field) => {
    const sharing = byValue.get(field.value instanceof PdfRef ? field.value.number : field.value) ?? [];
    return readEntry(view, field.value, field, {
      duplicateName: (byName.get(field.name)?.length ?? 0) > 1,
      alsoIn: sharing.filter((other) => other !== field).map((other) => other.name),
    });
  });
  const certification = view.dict(view.catalog.get('Perms'))?.get('DocMDP');
  if (certification instanceof PdfRef && !byValue.has(certification.number) && view.dict(certification)) {
    entries.push(readEntry(view, certification, undefined, { alsoIn: [], duplicateName: false }));
  }
  return entries.sort((a, b) => a.revisionIndex - b.revisionIndex || coveredEnd(a) - coveredEnd(b));
}

const coveredEnd = ({ byteRange }: SignatureEntry): number => (byteRange?.[2] ?? 0) + (byteRange?.[3] ?? 0);

function readEntry(
  view: PdfView,
  value: PdfObject | undefined,
  field: FormField | undefined,
  names: { readonly alsoIn: readonly string[]; readonly duplicateName: boolean },
): SignatureEntry {
  const dict = view.dict(value) ?? new PdfDict();
  const ref = value instanceof PdfRef ? value : undefined;
  const place = locateContents(view, ref, field);
  const certification = view.dict(view.catalog.get('Perms'))?.get('DocMDP');
  const text = (key: string): string | undefined => view.text(dict.get(key));
  const subFilter = view.name(dict.get('SubFilter'));
  const range = view
    .array(dict.get('ByteRange'))
    ?.slice(0, 64)
    .map((item) => view.number(item) ?? Number.NaN);
  const isTimestamp =
    subFilter === 'ETSI.RFC3161' || (!subFilter && view.name(dict.get('Type')) === 'DocTimeStamp');
  const m = text('M');
  const claimedTime = m === undefined ? undefined : parsePdfDate(m);
  const lock = field && readFieldLock(view, field.dict.get('Lock'));
  const permission = readPermission(view, view.dict(field?.dict.get('Lock'))?.get('P'));
  return {
    fieldName: field?.name,
    field,
    ...names,
    ref,
    dict,
    type: isTimestamp ? 'timestamp' : 'signature',
    filter: view.name(dict.get('Filter')),
    subFilter,
    contents: view.string(dict.get('Contents'))?.bytes ?? new Uint8Array(),
    contentsHex: view.string(dict.get('Contents'))?.hex ?? false,
    contentsSpan: place.span,
    byteRange: range?.every(Number.isSafeInteger) ? range : undefined,
    revisionIndex: place.revisionIndex,
    ...optional({ name: text('Name'), reason: text('Reason'), location: text('Location') }),
    ...optional({ contactInfo: text('ContactInfo'), m, claimedTime }),
    ...readTransforms(view, dict),
    inPerms: ref?.equals(certification) ?? false,
    ...optional({ lock: lock && { ...lock, ...optional({ permission }) } }),
    repeatedKeys: dict.repeatedKeys,
  };
}

/** Parses the object that holds the dictionary again, where it stands, and takes the place of its /Contents. */
function locateContents(
  view: PdfView,
  ref: PdfRef | undefined,
  field: FormField | undefined,
): { readonly span: Span | undefined; readonly revisionIndex: number } {
  const number = ref?.number ?? field?.ref?.number;
  const revisionIndex = number === undefined ? 0 : (view.writtenIn(number)?.index ?? 0);
  const inspected = number === undefined ? undefined : view.inspect(number);
  if (!inspected || !(inspected.value instanceof PdfDict)) return { span: undefined, revisionIndex };
  const own = ref ? inspected.value : inspected.value.get('V');
  const isDirect = own instanceof PdfDict && !(own.get('Contents') instanceof PdfRef);
  return { span: isDirect ? inspected.spans.get(own)?.get('Contents') : undefined, revisionIndex };
}

/** The entries that have a value. */
function optional<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
