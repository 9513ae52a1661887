import { createHmac } from 'node:crypto';
import { PdfError } from '../errors.ts';
import type { Resolve } from '../filters/decode.ts';
import { isName, PdfDict, type PdfObject, type PdfRef, PdfStream, PdfString } from '../objects.ts';
import { type CryptMethod, decryptBytes, encryptBytes, objectKey } from './crypt-method.ts';
import type { StandardEncryption } from './encryption-dictionary.ts';
import { mapDictStrings, mapStrings } from './map-strings.ts';
import { permissionsAreSealed } from './modern-key.ts';
import type { Unlocked } from './unlock.ts';

/** Bits of /P (ISO 32000-2 table 22), counted from 1 there. */
const MODIFY = 1 << 3;
const ANNOTATE_AND_FILL = 1 << 5;
const FILL = 1 << 8;

/** The standard security handler of a document that was opened (7.6.4): from bytes to objects and back. */
export class SecurityHandler {
  readonly openedBy: Unlocked['openedBy'];
  readonly #encryption: StandardEncryption;
  readonly #key: Uint8Array;
  readonly #ownNumber: number | undefined;
  readonly #spend: (bytes: number) => void;

  constructor(parts: {
    readonly encryption: StandardEncryption;
    readonly unlocked: Unlocked;
    /** The object number of the encryption dictionary, which is not encrypted itself. */
    readonly ownNumber: number | undefined;
    /** Is told how many bytes are decrypted, and throws when it is too much. */
    readonly spend: (bytes: number) => void;
  }) {
    this.#encryption = parts.encryption;
    this.#key = parts.unlocked.key;
    this.openedBy = parts.unlocked.openedBy;
    this.#ownNumber = parts.ownNumber;
    this.#spend = parts.spend;
  }

  /** Whether fields may be filled and signed, or made, by who opened the document; a /P that was altered permits nothing. */
  permits(change: 'fill-fields' | 'add-fields'): boolean {
    if (this.openedBy === 'owner') return true;
    const { revision, permissions } = this.#encryption;
    if (revision >= 5 && !permissionsAreSealed(this.#encryption, this.#key)) return false;
    if (change === 'add-fields')
      return (permissions & MODIFY) !== 0 && (permissions & ANNOTATE_AND_FILL) !== 0;
    return (permissions & (revision === 2 ? ANNOTATE_AND_FILL : ANNOTATE_AND_FILL | FILL)) !== 0;
  }

  /** An object as it was read at its own place in the file; one out of an object stream was decrypted with that. */
  decrypt(object: PdfObject, ref: PdfRef, resolve: Resolve): PdfObject {
    if (ref.number === this.#ownNumber) return object;
    const keyFor = this.#keys(ref);
    const decrypt = (method: CryptMethod, bytes: Uint8Array): Uint8Array => {
      if (method === 'identity' || bytes.length === 0) return bytes;
      this.#spend(bytes.length);
      return decryptBytes(method, keyFor(method), bytes);
    };
    const string = ({ bytes, hex }: PdfString): PdfString =>
      new PdfString(decrypt(this.#encryption.strings, bytes), hex);
    if (!(object instanceof PdfStream)) return mapStrings(object, string);
    // 7.5.8.2: what is needed to find the encryption dictionary.
    if (isName(object.dict.get('Type'), 'XRef')) return object;
    return new PdfStream(mapDictStrings(object.dict, string), () =>
      decrypt(this.#streamMethod(object.dict, resolve), object.bytes),
    );
  }

  /**
   * An object as it is written under a number of its own. `context` says where: equal data at two places gets unequal
   * initialization vectors by it.
   */
  encrypt(object: PdfObject, ref: PdfRef, resolve: Resolve, context: string): PdfObject {
    if (ref.number === this.#ownNumber) return object;
    let count = 0;
    const keyFor = this.#keys(ref);
    const encrypt = (method: CryptMethod, bytes: Uint8Array): Uint8Array =>
      encryptBytes(method, keyFor(method), bytes, () => this.#vector(`${context} ${ref} ${count++}`, bytes));
    const { strings } = this.#encryption;
    const string = (plain: PdfString): PdfString =>
      // Hexadecimal: what is encrypted may have any byte in it, line ends too.
      strings === 'identity' ? plain : new PdfString(encrypt(strings, plain.bytes), true);
    if (!(object instanceof PdfStream)) return mapStrings(object, string);
    const data = encrypt(this.#streamMethod(object.dict, resolve), object.bytes);
    return new PdfStream(mapDictStrings(object.dict, string), data);
  }

  /**
   * A vector nobody without the key can foresee, and never the same for different data: made from the data, since this
   * floor has no chance.
   */
  #vector(context: string, bytes: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#key).update(`${context}:`).update(bytes).digest().subarray(0, 16);
  }

  /** The keys of one object, each made when it is first needed. */
  #keys(ref: PdfRef): (method: CryptMethod) => Uint8Array {
    const known = new Map<CryptMethod, Uint8Array>();
    return (method) => {
      const key = known.get(method) ?? objectKey(method, this.#key, ref);
      known.set(method, key);
      return key;
    };
  }

  /** 7.6.3.1, 7.6.5, 7.6.6: a filter the stream names, metadata left readable, embedded files, and all others. */
  #streamMethod(dict: PdfDict, resolve: Resolve): CryptMethod {
    const { named, encryptMetadata, embeddedFiles, streams } = this.#encryption;
    const own = cryptFilter(dict, resolve);
    if (own !== undefined) return named(own);
    const type = resolve(dict.get('Type'));
    if (isName(type, 'Metadata') && !encryptMetadata) return 'identity';
    return isName(type, 'EmbeddedFile') ? embeddedFiles : streams;
  }
}

/** The name a stream's /Crypt filter gives (7.4.10), which is the first of its filters; undefined when it has none. */
function cryptFilter(dict: PdfDict, resolve: Resolve): string | undefined {
  const filters = resolve(dict.get('Filter'));
  const parameters = resolve(dict.get('DecodeParms'));
  const first = Array.isArray(filters) ? resolve(filters[0]) : filters;
  if (!isName(first, 'Crypt')) return undefined;
  const own = Array.isArray(parameters) ? resolve(parameters[0]) : parameters;
  const name = own instanceof PdfDict ? resolve(own.get('Name')) : null;
  if (name === null) return 'Identity';
  if (typeof name === 'object' && 'value' in name) return name.value;
  throw new PdfError('pdf.encryption_invalid', 'the name of a crypt filter');
}
