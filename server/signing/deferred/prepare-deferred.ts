import { digestOf } from '../../cms/digest.ts';
import type { TimeStamper } from '../../evidence/ports.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { type BegunSignature, beginSignature, type SignatureTerms } from '../begin-signature.ts';
import type { SigningAlgorithm } from '../choose-algorithm.ts';
import { stamperFor } from '../levels.ts';

import { base64, type DeferredLevel, type DeferredState, packed } from './state.ts';

const DAY = 86_400_000;

export interface DeferredRequest extends SignatureTerms {
  /** The key's certificate; the key is elsewhere. */
  readonly certificate: Certificate;
  readonly chain?: readonly Certificate[];
  /** From 1 to LONGEST_WAIT_DAYS. */
  readonly waitDays: number;
  /** Default B-B. */
  readonly level?: DeferredLevel;
  /** Needed for every level above B-B, here to know how much room its token takes. */
  readonly stamper?: TimeStamper;
}

/** What the holder of the key is to sign. */
export interface ToSign {
  readonly algorithm: SigningAlgorithm;
  /** DER of the signed attributes: for a token that hashes by itself. */
  readonly toBeSigned: Uint8Array;
  /** Their digest, for a token that does not; Ed25519 signs only the attributes themselves. */
  readonly digest?: Uint8Array;
}

export interface DeferredSignature extends ToSign {
  readonly state: DeferredState;
  readonly field: string;
  readonly signingTime: Date;
}

/**
 * The first half of a signature whose key is not here, at an official's desk say: everything before the value.
 * @throws as `beginSignature`
 */
export async function prepareDeferred(request: DeferredRequest): Promise<DeferredSignature> {
  const { certificate, chain = [], waitDays, level = 'B-B' } = request;
  const tokenSize = await deferredStamper(level, request.stamper)?.tokenSize();
  const begun = await beginSignature(
    { certificate, chain },
    { ...request, ...(tokenSize !== undefined && { tokenSize }) },
  );
  const expiresAt = new Date(begun.signingTime.getTime() + waitDays * DAY);
  return {
    ...toSign(begun),
    state: stateOf(begun, request.source.length, expiresAt, level),
    field: begun.prepared.fieldName,
    signingTime: begun.signingTime,
  };
}

/** Who stamps the time of the value, when the level asks for it. */
export const deferredStamper = (
  level: DeferredLevel,
  stamper: TimeStamper | undefined,
): TimeStamper | undefined => (level === 'B-B' ? undefined : stamperFor(level, stamper));

function toSign({ algorithm, toBeSigned }: BegunSignature): ToSign {
  const hashed = algorithm.scheme !== 'eddsa';
  return {
    algorithm,
    toBeSigned,
    ...(hashed && { digest: digestOf(algorithm.digestAlgorithm, toBeSigned) }),
  };
}

const stateOf = (
  { prepared, repaired, cms, certificate, algorithm }: BegunSignature,
  sourceLength: number,
  expiresAt: Date,
  level: DeferredLevel,
): DeferredState => ({
  format: 'anso-deferred-signature',
  version: 1,
  appended: packed(prepared.appended),
  byteRange: [...prepared.byteRange],
  sourceLength,
  contentDigest: base64(cms.contentDigest),
  certificate: base64(certificate.der),
  chain: cms.chain.map(({ der }) => base64(der)),
  algorithm,
  level,
  expiresAt: expiresAt.toISOString(),
  ...(repaired && { repaired }),
});
