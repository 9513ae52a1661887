import { signedAttributes } from '../../cms/build-signed-data.ts';
import { type ByteSource, joinedSource } from '../../pdf/byte-source.ts';
import type { PdfDocument } from '../../pdf/document.ts';
import { PdfError, type PdfErrorCode, pdfErrors } from '../../pdf/errors.ts';
import { openPdf } from '../../pdf/open-pdf.ts';
import { repairPdf } from '../../pdf/repair/repair-pdf.ts';
import { signatureCoverage } from '../../pdf/signatures/coverage.ts';
import { listSignatures, type SignatureEntry } from '../../pdf/signatures/list-signatures.ts';
import { type PreparedSignature, preparedSignature } from '../../pdf/signatures/prepare-signature.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/errors.ts';
import { RevisionComparer } from '../../verification/differences/compare-revisions.ts';
import type { Change } from '../../verification/differences/comparison.ts';
import { isWithin } from '../../verification/differences/level.ts';
import type { BegunSignature } from '../begin-signature.ts';
import { chooseAlgorithm, type SigningAlgorithm } from '../choose-algorithm.ts';
import { digestByteRange } from '../digest-byte-range.ts';
import { SigningError } from '../errors.ts';
import { issuerChain } from '../issuer-chain.ts';
import { type DeferredState, invalidState, unpacked } from './state.ts';

/**
 * A prepared signature from its state and the file it was prepared for. The state may come from anybody: the file must be
 * the one that was hashed, and what is appended must be one revision that holds one empty signature over all of the file
 * and changes nothing else. Whatever else the state says is computed again and compared.
 *
 * @throws SigningError `signing.source_changed`, `signing.state_invalid`, `signing.algorithm_refused`, `signing.key_*`;
 * PdfError `pdf.password_*`
 */
export async function restoreSignature(
  state: DeferredState,
  source: ByteSource,
  password?: string,
): Promise<BegunSignature> {
  const certificate = readCertificate(state.certificate);
  const algorithm = checkAlgorithm(certificate, state);
  const appended = unpacked(state.appended);
  const byteRange = checkByteRange(state, source, appended);
  const contentDigest = await digestByteRange(source, { appended, byteRange }, algorithm.digestAlgorithm);
  if (!Buffer.from(contentDigest).equals(Buffer.from(state.contentDigest, 'base64'))) throw changed();
  const { entry, prepared } = readUpdate(state, source, appended, byteRange, password);
  const chain = issuerChain(certificate, state.chain.map(readCertificate));
  const cms = { ...algorithm, certificate, chain, contentDigest };
  const signingTime = entry.claimedTime;
  if (!signingTime) throw invalidState('the signature has no time');
  const repaired = state.repaired === undefined ? null : damageCode(state.repaired);
  return { prepared, repaired, cms, certificate, algorithm, signingTime, toBeSigned: signedAttributes(cms) };
}

/** The digit. */
const ZERO = 0x30;

const changed = (): SigningError =>
  new SigningError('signing.source_changed', 'the file is not the one that was prepared');

/** @throws SigningError `signing.state_invalid` */
export function readCertificate(text: string): Certificate {
  try {
    return parseCertificate(Buffer.from(text, 'base64'));
  } catch (error) {
    if (error instanceof PkiError) throw invalidState('a certificate cannot be read', error);
    throw error;
  }
}

/** Of the algorithms that the certificate's key may use, the one the state names. */
function checkAlgorithm(certificate: Certificate, { algorithm }: DeferredState): SigningAlgorithm {
  const { scheme, digestAlgorithm } = algorithm;
  const chosen = chooseAlgorithm(certificate, {
    ...((scheme === 'rsa-pss' || scheme === 'rsa-pkcs1') && { rsa: scheme === 'rsa-pss' ? 'pss' : 'pkcs1' }),
    digestAlgorithm: digestAlgorithm as SigningAlgorithm['digestAlgorithm'],
  });
  if (chosen.scheme !== scheme) throw invalidState(`${scheme} does not go with the certificate`);
  return chosen;
}

function checkByteRange(
  state: DeferredState,
  source: ByteSource,
  appended: Uint8Array,
): PreparedSignature['byteRange'] {
  if (state.sourceLength !== source.length) throw changed();
  const [start = 1, gapStart = 0, gapEnd = 0, rest = 0] = state.byteRange;
  const total = source.length + appended.length;
  if (start !== 0 || gapStart < source.length || gapEnd < gapStart || gapEnd + rest !== total) {
    throw invalidState('the byte range does not fit what is appended');
  }
  // White space there reads as nothing, and would stand behind the value.
  const hole = appended.subarray(gapStart + 1 - source.length, gapEnd - 1 - source.length);
  if (hole.some((octet) => octet !== ZERO)) throw invalidState('the signature is not empty');
  return [start, gapStart, gapEnd, rest];
}

function readUpdate(
  { repaired }: DeferredState,
  source: ByteSource,
  appended: Uint8Array,
  byteRange: PreparedSignature['byteRange'],
  password: string | undefined,
): { readonly entry: SignatureEntry; readonly prepared: PreparedSignature } {
  try {
    const doc = openPdf(joinedSource(source, appended), password === undefined ? {} : { password });
    const repair = repaired === undefined ? 0 : repairedBy(source, appended, password);
    const entry = newSignature(doc, source.length + repair, byteRange);
    const { fieldName, field, ref } = entry;
    if (fieldName === undefined || !field?.ref || !ref) throw invalidState('the signature has no field');
    checkChanges(doc, entry);
    const parts = { fieldName, fieldRef: field.ref, signatureRef: ref, appended, byteRange };
    return { entry, prepared: preparedSignature(source, parts) };
  } catch (error) {
    if (!(error instanceof PdfError) || error.code.startsWith('pdf.password_')) throw error;
    throw invalidState('what is appended cannot be read', error);
  }
}

/** The length of the repair that what is appended must begin with: ours, which is the same at every time. */
function repairedBy(source: ByteSource, appended: Uint8Array, password: string | undefined): number {
  const repair = repairPdf(source, password === undefined ? {} : { password });
  if (repair.equals(appended.subarray(0, repair.length))) return repair.length;
  throw invalidState('not the repair of the source');
}

function damageCode(code: string): PdfErrorCode {
  if (code in pdfErrors) return code as PdfErrorCode;
  throw invalidState('no code of a damage');
}

/** The one signature of the last revision, which must be all that was appended but for a repair. */
function newSignature(
  doc: PdfDocument,
  sourceLength: number,
  byteRange: PreparedSignature['byteRange'],
): SignatureEntry {
  const last = doc.revisions.length - 1;
  const before = doc.revisions[last - 1];
  // The end of line behind a last %%EOF may be the first that is appended.
  if (!before || (before.endMark ?? before.end) > sourceLength) {
    throw invalidState('more than one revision is appended');
  }
  const [entry, ...others] = listSignatures(doc).filter(({ revisionIndex }) => revisionIndex === last);
  if (!entry || others.length > 0) throw invalidState('not one new signature');
  const { coverage } = signatureCoverage(doc, entry);
  const isWhole =
    coverage === 'whole-file' && entry.byteRange?.every((offset, at) => offset === byteRange[at]);
  if (!isWhole) throw invalidState('the signature does not cover the file');
  if (entry.type !== 'signature' || entry.subFilter !== 'ETSI.CAdES.detached') {
    throw invalidState('not a PAdES signature');
  }
  if (entry.contents.some((octet) => octet !== 0)) throw invalidState('the signature is not empty');
  return entry;
}

/** Judged as a verifier would judge it later: nothing but the new signature may differ. */
function checkChanges(doc: PdfDocument, { fieldName, docMdp }: SignatureEntry): void {
  const last = doc.revisions.length - 1;
  const isFirst = listSignatures(doc).length === 1;
  const steps = new RevisionComparer(doc).after(last - 1, true);
  const [step] = steps;
  if (!step || steps.length > 1) throw invalidState('more than one revision is appended');
  const forbidden = step.changes.filter(
    (change) => !isWithin(change.level, 'form-filling') && !(isFirst && docMdp && certifies(change)),
  );
  if (forbidden.length > 0) {
    const codes = [...new Set(forbidden.map(({ code }) => code))].slice(0, 10);
    throw new SigningError('signing.state_invalid', `not only a signature is appended: ${codes}`, {
      details: { changes: codes },
    });
  }
  const others = [...step.filledFields].filter((name) => name !== fieldName);
  if (others.length > 0) throw invalidState('other fields are filled');
}

/** The first signature may certify the document, which the catalog then says (ISO 32000-2 12.8.6). */
const certifies = ({ code, subject }: Change): boolean => code === 'catalog_changed' && subject === 'Perms';
