import { createHash } from 'node:crypto';
import { type ByteSource, transientWindows } from '../byte-source.ts';
import type { PdfDocument } from '../document.ts';
import { PdfError } from '../errors.ts';
import { markAsSigned } from '../forms/change-form.ts';
import type { FormField } from '../forms/field-tree.ts';
import { PdfDict, type PdfRef } from '../objects.ts';
import { IncrementalUpdate } from '../update/incremental-update.ts';
import { checkPermitted } from './check-permitted.ts';
import { listSignatures } from './list-signatures.ts';
import { type DocMdp, readFieldLock, readPermission } from './locks.ts';
import { renewAppearances } from './renew-appearances.ts';
import {
  byteRangeText,
  type SignatureTexts,
  signatureDictionary,
  signatureReferences,
} from './signature-dictionary.ts';
import {
  createSignatureField,
  type FieldLockWithPermission,
  fillSignatureField,
  findEmptyField,
  freeFieldName,
  type WidgetPlace,
} from './signature-field.ts';

export interface SignatureRequest extends WidgetPlace {
  /** An empty signature field of that name is used, else one is made; default `Signature1`, `Signature2` … or `TimeStamp1` … */
  readonly fieldName?: string;
  /** `DocTimeStamp` for a document time stamp (EN 319 142-1 5.4.3). */
  readonly type?: 'Sig' | 'DocTimeStamp';
  /** Default `Adobe.PPKLite`. */
  readonly filter?: string;
  /** `ETSI.CAdES.detached`, `ETSI.RFC3161` … */
  readonly subFilter: string;
  /** Room for the CMS, in bytes. */
  readonly contentsSize: number;
  readonly texts?: SignatureTexts;
  /** Makes this a certification signature (12.8.2.2). */
  readonly docMdp?: DocMdp;
  /** What this signature locks (12.8.2.4); default: the lock the field itself has. */
  readonly lock?: FieldLockWithPermission;
  /** Other changes that go into the same revision, before the signature field is looked for. */
  readonly prepare?: (update: IncrementalUpdate) => void;
}

/** A revision that lacks only its signature. */
export interface PreparedSignature {
  readonly fieldName: string;
  readonly fieldRef: PdfRef;
  readonly signatureRef: PdfRef;
  /** What goes behind the file; /Contents is zeros. */
  readonly appended: Uint8Array;
  readonly byteRange: readonly [number, number, number, number];
  /** Of the `<` of /Contents, from the beginning of the file. */
  readonly contentsOffset: number;
  readonly contentsSize: number;
  /** The digest of the byte range: the file is read once, in windows of 1 MiB. Algorithm as node:crypto names it. */
  digest(algorithm: string): Buffer;
  /** What goes behind the file, with the CMS in place. @throws PdfError `pdf.contents_too_small`. */
  embed(cms: Uint8Array): Buffer;
}

/**
 * Prepares a signature as an incremental update (ISO 32000-2 12.8): field, widget, form flags, permissions, and a
 * signature dictionary with room for the CMS.
 * The encryption of the file is kept.
 * @throws PdfError `pdf.password_*`, `pdf.permission_denied`, `pdf.changes_forbidden`, `pdf.field_locked`, `pdf.certification_not_first`,
 * `pdf.field_exists`, `pdf.field_already_signed`, `pdf.field_name_invalid`, `pdf.page_missing`.
 */
export function prepareSignature(doc: PdfDocument, request: SignatureRequest): PreparedSignature {
  const update = new IncrementalUpdate(doc);
  request.prepare?.(update);
  const { type = 'Sig', docMdp } = request;
  const fieldName = request.fieldName ?? freeFieldName(update, type === 'Sig' ? 'Signature' : 'TimeStamp');
  checkPermitted(
    doc,
    type === 'Sig'
      ? { kind: 'sign', field: fieldName, certify: docMdp !== undefined }
      : { kind: 'timestamp' },
  );
  const field = findEmptyField(update, fieldName);
  const lock = request.lock ?? (field && fieldLock(update, field.dict));
  if (lock) renewAppearances(update, lock);
  const signatureRef = update.reserve();
  const gaps = signatureDictionary({
    type,
    filter: request.filter ?? 'Adobe.PPKLite',
    subFilter: request.subFilter,
    contentsSize: request.contentsSize,
    texts: request.texts ?? {},
    references: signatureReferences(update.catalogRef, docMdp, lock),
    protect: (dict) => update.protect(signatureRef, dict),
  });
  update.setRaw(signatureRef, gaps.text);
  const fieldRef = field
    ? fillExisting(update, field, signatureRef, request)
    : createSignatureField(update, fieldName, signatureRef, request.lock, request);
  markAsSigned(update);
  if (docMdp) certify(update, signatureRef);
  const { bytes, valueOffsets } = update.finish();

  const start = doc.source.length;
  const dictionaryAt = valueOffsets.get(signatureRef.number) ?? start;
  const contentsOffset = dictionaryAt + gaps.contentsAt;
  const contentsEnd = dictionaryAt + gaps.contentsEnd;
  const byteRange = [0, contentsOffset, contentsEnd, start + bytes.length - contentsEnd] as const;
  bytes.write(byteRangeText(byteRange), dictionaryAt - start + gaps.byteRangeAt, 'latin1');
  return preparedSignature(doc.source, { fieldName, fieldRef, signatureRef, appended: bytes, byteRange });
}

/** A prepared signature from its parts, as they are after {@link prepareSignature} or a long wait. */
export function preparedSignature(
  source: ByteSource,
  parts: Pick<PreparedSignature, 'fieldName' | 'fieldRef' | 'signatureRef' | 'appended' | 'byteRange'>,
): PreparedSignature {
  const { appended, byteRange } = parts;
  const [, contentsOffset, contentsEnd] = byteRange;
  const [gapStart, gapEnd] = [contentsOffset - source.length, contentsEnd - source.length];
  // Two hexadecimal digits a byte, between angle brackets.
  const contentsSize = (contentsEnd - contentsOffset - 2) / 2;
  return {
    ...parts,
    contentsOffset,
    contentsSize,
    digest: (algorithm) => digest(source, appended, gapStart, gapEnd, algorithm),
    embed: (cms) => embed(appended, gapStart, contentsSize, cms),
  };
}

function fieldLock(update: IncrementalUpdate, field: PdfDict): FieldLockWithPermission | undefined {
  const lock = readFieldLock(update, field.get('Lock'));
  const permission = readPermission(update, update.dict(field.get('Lock'))?.get('P'));
  return lock && { ...lock, ...(permission ? { permission } : {}) };
}

/**
 * In a signed document a field that was there keeps its place, or that it has none, and its /Lock, else the signatures
 * before were broken (12.8.2.2). The signature's /Reference says what it locks; only the permission of a lock has no other place.
 */
function fillExisting(
  update: IncrementalUpdate,
  field: FormField,
  signature: PdfRef,
  request: SignatureRequest,
): PdfRef {
  const { appearance, lock } = request;
  if (listSignatures(update.doc).length === 0) {
    return fillSignatureField(update, field, signature, lock, request);
  }
  if (lock?.permission !== undefined) {
    throw new PdfError('pdf.changes_forbidden', 'the lock of a field in a signed document stays as it is');
  }
  if (field.ref && field.widgets.length === 0) {
    return update.set(field.ref, field.dict.with({ V: signature }));
  }
  return fillSignatureField(update, field, signature, undefined, appearance ? { appearance } : {});
}

/** 12.8.6: the catalog names the certification signature. */
function certify(update: IncrementalUpdate, signature: PdfRef): void {
  const { catalog } = update;
  const permissions = update.dict(catalog.get('Perms')) ?? new PdfDict();
  update.set(update.catalogRef, catalog.with({ Perms: permissions.with({ DocMDP: signature }) }));
}

function digest(
  source: ByteSource,
  appended: Uint8Array,
  gapStart: number,
  gapEnd: number,
  algorithm: string,
): Buffer {
  const hash = createHash(algorithm);
  for (const window of transientWindows(source)) hash.update(window);
  return hash.update(appended.subarray(0, gapStart)).update(appended.subarray(gapEnd)).digest();
}

function embed(appended: Uint8Array, contentsAt: number, contentsSize: number, cms: Uint8Array): Buffer {
  if (cms.length > contentsSize) {
    throw new PdfError('pdf.contents_too_small', `${cms.length} bytes do not fit into ${contentsSize}`, {
      details: { needed: cms.length, size: contentsSize },
    });
  }
  const complete = Buffer.from(appended);
  complete.write(
    Buffer.from(cms.buffer, cms.byteOffset, cms.length).toString('hex'),
    contentsAt + 1,
    'latin1',
  );
  return complete;
}
