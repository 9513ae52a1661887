import type { Case } from './cases.ts';

/** What a judge does not claim to support, by its own documentation or source; docs/interop.md says where. */
export interface Exception {
  readonly judge: string;
  /** As the page names it. */
  readonly what: string;
  readonly concerns: (tested: Case) => boolean;
  /** What the judge then says; any other refusal is one of its own. */
  readonly says: RegExp;
}

const named =
  (pattern: RegExp) =>
  ({ algorithm }: Case): boolean =>
    pattern.test(algorithm.name);

export const exceptions: readonly Exception[] = [
  { judge: 'pdfsig', what: 'Ed25519', concerns: named(/^Ed25519/), says: /isn't signed or corrupted data/ },
  { judge: 'pdfsig', what: 'SHA-3', concerns: named(/SHA3-/), says: /Unknown Validation Failure/ },
  {
    judge: 'pdfsig',
    what: 'certificates of id-RSASSA-PSS',
    concerns: named(/^RSASSA-PSS key/),
    says: /Signature is Invalid/,
  },
  {
    judge: 'pyHanko',
    what: 'RSASSA-PKCS1 with SHA-3',
    concerns: named(/pkcs1 SHA3-/),
    says: /INVALID|SIG_CRYPTO_FAILURE/,
  },
  {
    judge: 'EU DSS',
    what: 'Ed25519',
    concerns: named(/^Ed25519/),
    says: /The algorithm EdDSA with SHA512 is not authorised/,
  },
];
