import type { AlgorithmWish } from '../../server/signing/choose-algorithm.ts';
import type { KeyRecipe } from './authority.ts';

/** A kind of key and how it is told to sign. */
export interface AlgorithmRow {
  readonly name: string;
  /** Rows with the same recipe share key and certificate. */
  readonly key: KeyRecipe;
  readonly wish: AlgorithmWish;
}

const rsa = (bits: number): KeyRecipe => ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`];
const ec = (curve: string): KeyRecipe => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`];

const rsaRows = [2048, 3072, 4096].flatMap((bits): AlgorithmRow[] =>
  (['pss', 'pkcs1'] as const).map((padding) => ({
    name: `RSA-${bits} ${padding} SHA-256`,
    key: rsa(bits),
    wish: { rsa: padding },
  })),
);

const rsaDigestRows = (['SHA-384', 'SHA-512'] as const).flatMap((digestAlgorithm): AlgorithmRow[] =>
  (['pss', 'pkcs1'] as const).map((padding) => ({
    name: `RSA-3072 ${padding} ${digestAlgorithm}`,
    key: rsa(3072),
    wish: { rsa: padding, digestAlgorithm },
  })),
);

export const algorithms: readonly AlgorithmRow[] = [
  ...rsaRows,
  ...rsaDigestRows,
  { name: 'P-256 SHA-256', key: ec('P-256'), wish: {} },
  { name: 'P-256 SHA-512', key: ec('P-256'), wish: { digestAlgorithm: 'SHA-512' } },
  { name: 'P-384 SHA-384', key: ec('P-384'), wish: {} },
  { name: 'P-521 SHA-512', key: ec('P-521'), wish: {} },
  { name: 'Ed25519 SHA-512', key: ['-algorithm', 'ED25519'], wish: {} },
];

/** PAdES baseline levels (EN 319 142-1 6). */
export const levels = ['B-B'] as const;
export type Level = (typeof levels)[number];

/** The algorithm the documents are signed with: what differs between them is the document. */
export const documentAlgorithm = 'P-256 SHA-256';
