import type { IssuerSource, RevocationSource, TimeStamper } from '../evidence/ports.ts';
import { type ByteSource, joinedSource } from '../pdf/byte-source.ts';
import { PdfRef } from '../pdf/objects.ts';
import { type OpenOptions, openPdf } from '../pdf/open-pdf.ts';
import { addValidationData } from '../pdf/security-store/add-validation-data.ts';
import { checkPermitted } from '../pdf/signatures/check-permitted.ts';
import { listSignatures } from '../pdf/signatures/list-signatures.ts';
import { IncrementalUpdate } from '../pdf/update/incremental-update.ts';
import { CertificatePool, type TrustAnchor } from '../pki/certificate-pool.ts';
import type { Clock } from '../platform/clock.ts';
import {
  type Examination,
  type ExaminedSignature,
  examineSignatures,
} from '../verification/examine-signatures.ts';
import type { TrustStore } from '../verification/trust-store.ts';
import {
  type CollectedValidationData,
  collectValidationData,
  usableStamps,
} from './collect-validation-data.ts';
import { confirmLevel, type ReachedLevel } from './confirm-level.ts';
import { SigningError } from './errors.ts';
import { isAtLeast, type PadesLevel } from './levels.ts';
import { timeStampPdf } from './time-stamp-pdf.ts';

export interface AugmentOptions {
  readonly to: Exclude<PadesLevel, 'B-B'>;
  readonly stamper: TimeStamper;
  readonly revocations: RevocationSource;
  /** Asked for issuers that are neither in the file nor in the pool. */
  readonly issuerSource?: IssuerSource;
  readonly anchors: readonly TrustAnchor[];
  readonly pool: CertificatePool;
  readonly clock: Clock;
  /** User or owner password of an encrypted file. */
  readonly password?: string;
  /** Fields of the signatures that have to reach the level; default: all of the file. */
  readonly only?: readonly string[];
  /**
   * Takes only revocation data of the signer that was issued after the proven time of the signature: what was issued before cannot
   * know of a revocation shortly before (EN 319 102-1 5.2.5.4). Without it, such data is preferred.
   */
  readonly newerData?: boolean;
}

export interface AugmentedPdf {
  /** What goes behind the unchanged source; empty when the level was there and nothing was to be renewed. */
  readonly appended: Uint8Array;
  readonly signatures: readonly ReachedLevel[];
  readonly warnings: readonly AugmentWarning[];
}

export type AugmentWarning =
  /** Certified with P = 1: ISO 32000-2 table 257 permits validation data and time stamps, some readers do not. */
  | 'certified_against_changes'
  /** Some signature is no PAdES baseline one: it gets the proofs, but not the name of the level. */
  | 'not_baseline';

/**
 * Raises the signatures of a file to a higher PAdES level (EN 319 142-1 5.4, 5.5, 6) by incremental updates: a document time stamp
 * for those without a time stamp; the certificates and revocation data of all of them, and of the authorities of their time
 * stamps, in the document security store; for B-LTA a document time stamp over that. At B-LTA it is the renewal of an
 * archive time stamp: validation data of the last one, then a new one.
 *
 * What was reached is judged on the result, with nothing but the file and the anchors, before it is handed out.
 *
 * @throws SigningError `signing.nothing_to_augment`, `signing.not_intact`, `signing.no_chain`,
 *   `signing.certificate_revoked`, `signing.level_not_reached`; EvidenceError when there is no time stamp or no revocation
 *   data; PdfError. In each case nothing is to be written.
 */
export async function augmentPdf(source: ByteSource, options: AugmentOptions): Promise<AugmentedPdf> {
  const { to } = options;
  const file = new GrowingFile(source, options);
  let examined = file.examine();
  const wanted = toBeRaised(examined, options);
  if (wanted.some((signature) => usableStamps(signature, examined.sources, file.at).length === 0)) {
    await file.stamp();
    examined = file.examine();
  }
  if (isAtLeast(to, 'B-LT')) {
    const fields = fieldsOf(wanted);
    const concerned = examined.signatures.filter(
      ({ facts: { entry } }) => entry.type === 'signature' && fields.has(entry.fieldName),
    );
    const isStoredAfter = (revision: number): boolean => file.isStoredAfter(revision);
    const collecting = { ...options, now: file.at, isStoredAfter };
    file.store(await collectValidationData(concerned, examined, collecting));
  }
  if (to === 'B-LTA') await file.stamp();
  const result = file.examine({ anchors: options.anchors, pool: new CertificatePool(), crls: [] });
  return {
    appended: file.appended,
    signatures: confirmLevel(result, fieldsOf(wanted), to, file.at),
    warnings: warningsOf(wanted, examined),
  };
}

/** Signatures to be raised. @throws SigningError `signing.nothing_to_augment`, `signing.not_intact` */
function toBeRaised({ signatures }: Examination, { only }: AugmentOptions): readonly ExaminedSignature[] {
  const own = signatures.filter(({ facts }) => facts.entry.type === 'signature');
  const wanted = own.filter(({ facts }) => !only || only.includes(facts.entry.fieldName ?? ''));
  if (wanted.length === 0) throw new SigningError('signing.nothing_to_augment', 'no signature to raise');
  const broken = wanted.find(({ facts }) => facts.integrity !== 'intact');
  if (broken) {
    throw new SigningError('signing.not_intact', `${broken.facts.problem}`, {
      details: { field: broken.facts.entry.fieldName ?? null },
    });
  }
  return wanted;
}

const fieldsOf = (signatures: readonly ExaminedSignature[]): ReadonlySet<string | undefined> =>
  new Set(signatures.map(({ facts }) => facts.entry.fieldName));

function warningsOf(
  wanted: readonly ExaminedSignature[],
  { signatures }: Examination,
): readonly AugmentWarning[] {
  const isFinal = signatures.some(
    ({ facts: { entry } }) => entry.docMdp === 1 || entry.lock?.permission === 1,
  );
  const isPlain = wanted.some(({ level }) => level.level === 'CMS');
  return [
    ...(isFinal ? (['certified_against_changes'] as const) : []),
    ...(isPlain ? (['not_baseline'] as const) : []),
  ];
}

/** Clocks of time-stamp authorities may be ahead of ours by so much. */
const CLOCK_SKEW = 5 * 60_000;

/** The source with what was appended so far, and the moment for which it is judged. */
class GrowingFile {
  readonly #original: ByteSource;
  readonly #options: AugmentOptions;
  readonly #open: OpenOptions;
  #appended: Uint8Array = new Uint8Array();
  #at: Date;

  constructor(original: ByteSource, options: AugmentOptions) {
    this.#original = original;
    this.#options = options;
    this.#open = options.password === undefined ? {} : { password: options.password };
    this.#at = options.clock.now();
  }

  get appended(): Uint8Array {
    return this.#appended;
  }

  /** Never before a time that one of its time stamps states. */
  get at(): Date {
    return this.#at;
  }

  get #source(): ByteSource {
    return this.#appended.length > 0 ? joinedSource(this.#original, this.#appended) : this.#original;
  }

  examine(trust: TrustStore = { ...this.#options, crls: [] }): Examination {
    const examine = (): Examination => {
      const document = openPdf(this.#source, this.#open);
      return examineSignatures(document, listSignatures(document), { trust, at: this.#at });
    };
    const examined = examine();
    const times = examined.signatures.flatMap(({ proof, facts }) => [
      facts.stampedTime,
      ...proof.stamps.map(({ time }) => time),
    ]);
    return this.#waitFor(times) ? examine() : examined;
  }

  isStoredAfter(revision: number): boolean {
    const document = openPdf(this.#source, this.#open);
    const store = document.catalog.get('DSS');
    const number = store instanceof PdfRef ? store.number : document.catalogRef.number;
    return document.revisions.slice(revision + 1).some((later) => later.numbers().has(number));
  }

  async stamp(): Promise<void> {
    const { appended, time } = await timeStampPdf(this.#source, this.#options.stamper, this.#open);
    this.#append(appended);
    this.#waitFor([time]);
  }

  /** Validation data into the security store; nothing is written when all of it is there. */
  store(data: readonly CollectedValidationData[]): void {
    // Answers made while we asked are of a moment after the one at which we began.
    this.#waitFor(data.map(({ issued }) => issued));
    const update = new IncrementalUpdate(openPdf(this.#source, this.#open));
    checkPermitted(update.doc, { kind: 'timestamp' });
    if (addValidationData(update, data)) this.#append(update.finish().bytes);
  }

  #append(bytes: Uint8Array): void {
    this.#appended = Buffer.concat([this.#appended, bytes]);
  }

  #waitFor(times: readonly (Date | undefined)[]): boolean {
    const latest = Math.max(...times.map((time) => time?.getTime() ?? 0), 0);
    const ahead = latest - this.#at.getTime();
    if (ahead <= 0 || ahead > CLOCK_SKEW) return false;
    this.#at = new Date(latest);
    return true;
  }
}
