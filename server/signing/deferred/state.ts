import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { SigningError } from '../errors.ts';

const strict = { additionalProperties: false } as const;
const Base64 = Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$' });
const Instant = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' });
const Offset = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Levels that follow from the signature itself; what B-LT adds is added to the finished file. */
export const deferredLevels = ['B-B', 'B-T'] as const;
export type DeferredLevel = (typeof deferredLevels)[number];

/**
 * A signature that waits for its value, as it is kept between two processes. No secret is in it, and nothing in it is
 * believed: `restoreSignature` computes all of it again from the file and from what is appended here.
 */
export const DeferredState = Type.Object(
  {
    format: Type.Literal('anso-deferred-signature'),
    version: Type.Literal(1),
    /** What goes behind the source, its /Contents still empty: raw DEFLATE. */
    appended: Base64,
    byteRange: Type.Array(Offset, { minItems: 4, maxItems: 4 }),
    sourceLength: Offset,
    /** Digest of the byte range, made with the algorithm's hash: the source and what is appended. */
    contentDigest: Base64,
    /** DER. */
    certificate: Base64,
    /** DER, nearest issuer first. */
    chain: Type.Array(Base64, { maxItems: 10 }),
    algorithm: Type.Object(
      { scheme: Type.String({ maxLength: 20 }), digestAlgorithm: Type.String({ maxLength: 20 }) },
      strict,
    ),
    level: Type.Enum([...deferredLevels]),
    expiresAt: Instant,
    /** What was wrong with the structure of the source, when what is appended begins with its repair. */
    repaired: Type.Optional(Type.String({ pattern: '^pdf\\.[a-z_]{1,40}$' })),
    /** Where the source was, for whoever completes the signature on the same machine. */
    file: Type.Optional(Type.String({ minLength: 1, maxLength: 4096 })),
  },
  strict,
);
export type DeferredState = Static<typeof DeferredState>;

/** Characters of a state; what is appended to a document is far smaller. */
export const MAX_STATE = 32 * 1024 * 1024;
/** Bytes that a state may grow to. */
const MAX_APPENDED = 64 * 1024 * 1024;

/** @throws SigningError `signing.state_invalid` for anything that is no state of this version. */
export function readState(text: string): DeferredState {
  if (text.length > MAX_STATE) throw invalidState('too long');
  const value = parse(text);
  if (!Value.Check(DeferredState, value)) throw invalidState('not a state of version 1');
  return value;
}

export const invalidState = (why: string, cause?: unknown): SigningError =>
  new SigningError('signing.state_invalid', why, { cause });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidState('not JSON', cause);
  }
}

export const packed = (appended: Uint8Array): string => base64(deflateRawSync(appended));
export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** @throws SigningError `signing.state_invalid` */
export function unpacked(appended: string): Uint8Array {
  try {
    return inflateRawSync(Buffer.from(appended, 'base64'), { maxOutputLength: MAX_APPENDED });
  } catch (cause) {
    throw invalidState('what is appended cannot be unpacked', cause);
  }
}
