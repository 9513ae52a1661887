import type { AlgorithmUse } from './algorithm-policy.ts';
import type { Coverage } from './coverage.ts';
import type { Change } from './differences/comparison.ts';
import type { Level } from './differences/level.ts';
import type { Integrity } from './signature-facts.ts';

/** Words in both languages of the product. */
export interface Words {
  readonly vi: string;
  readonly en: string;
}

/** A statement about a file or a signature, with what the reader can do about it. */
export interface Reason extends Words {
  readonly code: string;
  readonly next?: Words;
}

/** Main status of EN 319 102-1 5.1.3. */
export type Indication = 'TOTAL_PASSED' | 'TOTAL_FAILED' | 'INDETERMINATE';

/** Sub-indications of EN 319 102-1 table 5 that this verification can reach. */
export type SubIndication =
  | 'FORMAT_FAILURE'
  | 'HASH_FAILURE'
  | 'SIG_CRYPTO_FAILURE'
  | 'REVOKED'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'SIG_CONSTRAINTS_FAILURE'
  | 'CHAIN_CONSTRAINTS_FAILURE'
  | 'CERTIFICATE_CHAIN_GENERAL_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE'
  | 'NO_SIGNING_CERTIFICATE_FOUND'
  | 'NO_CERTIFICATE_CHAIN_FOUND'
  | 'REVOKED_NO_POE'
  | 'REVOKED_CA_NO_POE'
  | 'OUT_OF_BOUNDS_NO_POE'
  | 'SIGNED_DATA_NOT_FOUND'
  | 'TRY_LATER';

export type Trust = 'trusted' | 'untrusted' | 'expired' | 'revoked' | 'unknown';

/** Hợp lệ, không hợp lệ, không đủ căn cứ. */
export type SignatureVerdict = 'valid' | 'invalid' | 'indeterminate';
export type FileVerdict = SignatureVerdict | 'unsigned' | 'unreadable';
export type DocumentIntegrity = 'intact' | 'tampered' | 'unknown';

/** One check of TT 15/2025/TT-BKHCN, annex II. */
export interface AnnexCheck extends Words {
  readonly id: string;
  readonly result: 'pass' | 'fail' | 'unknown';
  readonly mandatory: boolean;
}

/** The seven fields of TT 15/2025/TT-BKHCN, article 6; undefined is printed as "không có". */
export interface SevenFields {
  readonly issuer?: string;
  readonly signer?: string;
  readonly managingUnit?: string;
  readonly signingTime: { readonly claimed?: string; readonly proven?: string };
  readonly integrity: Words;
  readonly validityAtSigning: Words;
  readonly certificatePeriod?: { readonly from: string; readonly to: string };
}

export interface CertificateReport {
  readonly fingerprint: string;
  readonly serial: string;
  /** Printed without identifiers of a person (they are masked). */
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly revocation?: 'good' | 'revoked' | 'unknown';
  readonly revokedAt?: string;
}

export interface SignatureReport {
  readonly field: string;
  readonly kind: 'signature' | 'timestamp';
  readonly integrity: Integrity;
  readonly coverage: Coverage;
  readonly modifications: Level;
  readonly permitted: boolean;
  readonly trust: Trust;
  readonly indication: Indication;
  readonly subIndication: SubIndication | null;
  /** B-B, B-T, B-LT, B-LTA; `CMS` for a signature that is no PAdES baseline one; null when it cannot be said. */
  readonly level: string | null;
  readonly signer: string | null;
  readonly issuer: string | null;
  /** Proven time when there is one, else the claimed one. ISO 8601, UTC. */
  readonly signingTime: string | null;
  readonly verdict: SignatureVerdict;
  readonly signingTimeProven: boolean;
  /** The reasons for the verdict, the deciding one first. */
  readonly reasons: readonly Reason[];
  /** Worth knowing, without effect on the verdict. */
  readonly notes: readonly Reason[];
  readonly fields: SevenFields;
  readonly checks: readonly AnnexCheck[];
  readonly reason?: string;
  readonly location?: string;
  readonly subFilter?: string;
  readonly trustFamily?: Words;
  readonly algorithms: readonly AlgorithmUse[];
  readonly changes: readonly (Change & Words)[];
  readonly lockedFields: readonly string[];
  readonly timeStamps: readonly {
    readonly kind: string;
    readonly time?: string;
    readonly trusted: boolean;
    readonly integrity: Integrity;
  }[];
  /** From the anchor to the signer. */
  readonly certificates: readonly CertificateReport[];
}

export interface VerificationReport {
  readonly verdict: FileVerdict;
  /** Ignores trust and time stamps: what can be said of the bytes alone. */
  readonly documentIntegrity: DocumentIntegrity;
  /** Why a file is unreadable or unsigned; null otherwise. */
  readonly code: string | null;
  readonly summary: Words;
  /** What to do next. */
  readonly next: Words;
  /** The moment the file was judged for. ISO 8601, UTC. */
  readonly verifiedAt: string;
  readonly signatures: readonly SignatureReport[];
}
