import type { SigningHash } from '../../server/cms/build-signed-data.ts';
import type { AlgorithmWish } from '../../server/signing/choose-algorithm.ts';
import { padesLevels } from '../../server/signing/levels.ts';
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

const withDigest = (
  row: Omit<AlgorithmRow, 'name'>,
  name: string,
  digests: readonly SigningHash[],
): AlgorithmRow[] =>
  digests.map((digestAlgorithm) => ({
    name: `${name} ${digestAlgorithm}`,
    key: row.key,
    wish: { ...row.wish, digestAlgorithm },
  }));

export const algorithms: readonly AlgorithmRow[] = [
  ...rsaRows,
  ...withDigest({ key: rsa(3072), wish: { rsa: 'pss' } }, 'RSA-3072 pss', [
    'SHA-384',
    'SHA-512',
    'SHA3-256',
    'SHA3-512',
  ]),
  ...withDigest({ key: rsa(3072), wish: { rsa: 'pkcs1' } }, 'RSA-3072 pkcs1', [
    'SHA-384',
    'SHA-512',
    'SHA3-256',
    'SHA3-512',
  ]),
  {
    name: 'RSASSA-PSS key 3072 SHA-256',
    key: ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:3072'],
    wish: {},
  },
  { name: 'P-256 SHA-256', key: ec('P-256'), wish: {} },
  ...withDigest({ key: ec('P-256'), wish: {} }, 'P-256', ['SHA-512', 'SHA3-256']),
  { name: 'P-384 SHA-384', key: ec('P-384'), wish: {} },
  ...withDigest({ key: ec('P-384'), wish: {} }, 'P-384', ['SHA3-384']),
  { name: 'P-521 SHA-512', key: ec('P-521'), wish: {} },
  { name: 'Ed25519 SHA-512', key: ['-algorithm', 'ED25519'], wish: {} },
];

export const levels = padesLevels;

/** The algorithm the documents are signed with: what differs between them is the document. */
export const documentAlgorithm = 'P-256 SHA-256';
