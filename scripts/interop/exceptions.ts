import type { Case } from './cases.ts';

/** What a judge does not claim to support, by its own documentation or source; docs/interop.md says where. */
export interface Exception {
  readonly judge: string;
  readonly concerns: (tested: Case) => boolean;
  /** What the judge then says; any other refusal is one of its own. */
  readonly says: RegExp;
}

const isEd25519 = ({ algorithm }: Case): boolean => algorithm.name.startsWith('Ed25519');

export const exceptions: readonly Exception[] = [
  { judge: 'pdfsig', concerns: isEd25519, says: /isn't signed or corrupted data/ },
  { judge: 'EU DSS', concerns: isEd25519, says: /The algorithm EdDSA with SHA512 is not authorised/ },
];
