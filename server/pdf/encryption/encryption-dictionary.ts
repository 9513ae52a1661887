import { PdfError } from '../errors.ts';
import { PdfDict, PdfName, type PdfObject, PdfString } from '../objects.ts';
import type { CryptMethod } from './crypt-method.ts';

/** The standard security handler's part of an encryption dictionary (ISO 32000-2 7.6.4.2), read and in its bounds. */
export interface StandardEncryption {
  /** /R: which algorithms make the key. */
  readonly revision: 2 | 3 | 4 | 5 | 6;
  /** Bytes of the file encryption key. */
  readonly keyLength: number;
  /** /O, /U: 32 bytes, in revisions 5 and 6 48 bytes: hash, validation salt, key salt. */
  readonly owner: Uint8Array;
  readonly user: Uint8Array;
  /** /OE, /UE, /Perms: empty before revision 5. */
  readonly ownerKey: Uint8Array;
  readonly userKey: Uint8Array;
  readonly sealedPermissions: Uint8Array;
  /** /P as a signed integer of 32 bits. */
  readonly permissions: number;
  readonly encryptMetadata: boolean;
  readonly strings: CryptMethod;
  readonly streams: CryptMethod;
  readonly embeddedFiles: CryptMethod;
  /** The crypt filter of that name, as a stream may name one. @throws PdfError `pdf.encryption_*`. */
  readonly named: (filter: string) => CryptMethod;
}

/**
 * Reads an encryption dictionary. Its entries are direct: nothing can be looked up before they are known.
 * @throws PdfError `pdf.encryption_unsupported` for another handler (public keys) or version, `pdf.encryption_invalid`.
 */
export function readEncryptionDictionary(dict: PdfDict): StandardEncryption {
  const filter = dict.get('Filter');
  if (!(filter instanceof PdfName)) throw invalid('/Filter');
  if (filter.value !== 'Standard') throw unsupported(`the handler /${filter.value.slice(0, 40)}`);
  const version = integer(dict.get('V') ?? 0, '/V');
  const revision = integer(dict.get('R'), '/R');
  if (!isKnown(revision) || !REVISIONS[version]?.includes(revision)) {
    throw unsupported(`version ${version}, revision ${revision}`);
  }
  const modern = revision >= 5;
  const bytes = (key: string, length: number): Uint8Array => {
    const value = dict.get(key);
    // Some writers fill /O and /U of later revisions up with zeros.
    if (value instanceof PdfString && value.bytes.length >= length) return value.bytes.subarray(0, length);
    throw invalid(`/${key}`);
  };
  const none = new Uint8Array();
  return {
    revision,
    keyLength: keyLength(version, dict.get('Length')),
    owner: bytes('O', modern ? 48 : 32),
    user: bytes('U', modern ? 48 : 32),
    ownerKey: modern ? bytes('OE', 32) : none,
    userKey: modern ? bytes('UE', 32) : none,
    sealedPermissions: modern ? bytes('Perms', 16) : none,
    permissions: permissionBits(dict.get('P')),
    encryptMetadata: version < 4 || dict.get('EncryptMetadata') !== false,
    ...methods(version, dict),
  };
}

/** The revisions each version of the encryption algorithm goes with (table 20, table 21). */
const REVISIONS: Readonly<Record<number, readonly number[]>> = { 1: [2, 3], 2: [3], 4: [4], 5: [5, 6] };

const isKnown = (revision: number): revision is StandardEncryption['revision'] =>
  revision >= 2 && revision <= 6;

function keyLength(version: number, length: PdfObject | undefined): number {
  if (version === 1) return 5;
  if (version === 4) return 16;
  if (version === 5) return 32;
  const bits = length === undefined ? 40 : integer(length, '/Length');
  if (bits < 40 || bits > 128 || bits % 8 !== 0) throw invalid('/Length');
  return bits / 8;
}

/** A signed integer of 32 bits that some writers give without its sign. */
function permissionBits(value: PdfObject | undefined): number {
  const bits = integer(value, '/P');
  if (bits < -(2 ** 31) || bits >= 2 ** 32) throw invalid('/P');
  return bits | 0;
}

type Methods = Pick<StandardEncryption, 'strings' | 'streams' | 'embeddedFiles' | 'named'>;

function methods(version: number, dict: PdfDict): Methods {
  if (version < 4) return { strings: 'rc4', streams: 'rc4', embeddedFiles: 'rc4', named: () => 'rc4' };
  const filters = dict.get('CF');
  const named = (name: string): CryptMethod => {
    if (name === 'Identity') return 'identity';
    const filter = filters instanceof PdfDict ? filters.get(name) : undefined;
    if (!(filter instanceof PdfDict)) throw invalid('a crypt filter that is not there');
    const method = filter.get('CFM');
    if (version === 4 && method === PdfName.of('V2')) return 'rc4';
    if (version === 4 && method === PdfName.of('AESV2')) return 'aes-128';
    if (version === 5 && method === PdfName.of('AESV3')) return 'aes-256';
    throw unsupported('the method of a crypt filter');
  };
  const byKey = (key: string): CryptMethod | undefined => {
    const name = dict.get(key);
    if (name === undefined) return undefined;
    if (name instanceof PdfName) return named(name.value);
    throw invalid(`/${key}`);
  };
  const streams = byKey('StmF') ?? 'identity';
  return { strings: byKey('StrF') ?? 'identity', streams, embeddedFiles: byKey('EFF') ?? streams, named };
}

function integer(value: PdfObject | undefined, what: string): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw invalid(what);
}

const invalid = (what: string): PdfError =>
  new PdfError('pdf.encryption_invalid', `${what} of the encryption dictionary`);

const unsupported = (what: string): PdfError => new PdfError('pdf.encryption_unsupported', what);
