import type { Aggregate, Collection, CollectionSpec, Store } from '../storage/ports.ts';
import type { VerificationReport } from '../verification/report.ts';

/** One verification with what it rests on (TT 15/2025/TT-BKHCN article 6: certificate, CRL, result). */
export interface Validation extends Aggregate {
  readonly time: string;
  /** The file itself is not kept. */
  readonly file: { readonly name: string; readonly sha256: string; readonly size: number };
  /** Account that asked, when it was signed in. */
  readonly askedBy?: string;
  readonly report: VerificationReport;
  readonly evidence: {
    /** DER, base64. */
    readonly certificates: readonly string[];
    /** SHA-256 of blobs holding the CRLs used. */
    readonly crls: readonly string[];
    /** Of blobs holding the OCSP responses used; absent where a validation is older than OCSP in this program. */
    readonly ocsps?: readonly string[];
  };
}

const spec: CollectionSpec = { name: 'validations', indexes: { byTime: { fields: ['time'] } } };

export const openValidations = (store: Store): Promise<Collection<Validation>> => store.collection(spec);
