import { createHash } from 'node:crypto';
import { Asn1Error } from '../asn1/errors.ts';
import {
  type Node,
  readBitString,
  readBoolean,
  readDer,
  readDerPrefix,
  readInteger,
  readTime,
} from '../asn1/read.ts';
import { contextTag, Tag } from '../asn1/tag.ts';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm.ts';
import { PkiError } from './errors.ts';
import {
  type DistributionPointName,
  type Extension,
  type ReasonFlag,
  readAuthorityKeyIdentifier,
  readDistributionPointName,
  readExtensions,
  readReasons,
} from './extensions.ts';
import { readGeneralNames } from './general-name.ts';
import { type Name, readName } from './name.ts';
import { ExtensionType } from './oids.ts';
import { serialText } from './serial.ts';

/** CRLReason of RFC 5280 5.3.1 by its name. */
export type RevocationReason = ReasonFlag | 'unspecified' | 'removeFromCRL';

export interface RevokedEntry {
  readonly date: Date;
  readonly reason: RevocationReason;
}

export interface IssuingDistributionPoint {
  readonly name?: DistributionPointName;
  readonly onlyUserCertificates: boolean;
  readonly onlyCaCertificates: boolean;
  readonly onlyAttributeCertificates: boolean;
  readonly onlySomeReasons?: ReadonlySet<ReasonFlag>;
  readonly indirect: boolean;
}

const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  ExtensionType.authorityKeyIdentifier,
  ExtensionType.issuerAltName,
  ExtensionType.crlNumber,
  ExtensionType.deltaCrlIndicator,
  ExtensionType.issuingDistributionPoint,
  ExtensionType.freshestCrl,
]);
const KNOWN_ENTRY_EXTENSIONS: ReadonlySet<string> = new Set([
  ExtensionType.reasonCode,
  ExtensionType.invalidityDate,
  ExtensionType.certificateIssuer,
]);

/** A certificate revocation list (RFC 5280 5), immutable. Entries are indexed at the first lookup, then found at once. */
export class Crl {
  readonly der: Uint8Array;
  /** SHA-256 of `der`, lower-case hex. */
  readonly fingerprint: string;
  readonly issuer: Name;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly tbs: Uint8Array;
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly crlNumber: bigint | undefined;
  /** For a delta CRL: the number of the CRL it adds to (5.2.4). */
  readonly baseCrlNumber: bigint | undefined;
  readonly issuingDistributionPoint: IssuingDistributionPoint | undefined;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  readonly #entries: Uint8Array;
  #index: EntryIndex | undefined;

  /** @throws Asn1Error */
  constructor(der: Uint8Array) {
    const [tbs, algorithm, signature] = readDer(der).expect(Tag.sequence).children;
    if (!tbs || !algorithm || !signature) throw new Asn1Error('asn1.unexpected', 'not a CRL');
    this.der = der;
    this.fingerprint = createHash('sha256').update(der).digest('hex');
    this.tbs = tbs.bytes;
    this.signatureAlgorithm = readAlgorithmIdentifier(algorithm);
    this.signature = readBitString(signature).bytes;

    const parts = [...tbs.expect(Tag.sequence).children];
    if (parts[0]?.tag === Tag.integer) parts.shift();
    const [inner, issuer, thisUpdate, ...optional] = parts;
    if (!inner || !issuer || !thisUpdate) throw new Asn1Error('asn1.unexpected', 'an incomplete CRL');
    if (Buffer.compare(inner.bytes, algorithm.bytes) !== 0) {
      throw new Asn1Error('asn1.unexpected', 'two different signature algorithms');
    }
    this.issuer = readName(issuer.expect(Tag.sequence));
    this.thisUpdate = readTime(thisUpdate);
    const nextUpdate = optional.find((part) => part.tag === Tag.utcTime || part.tag === Tag.generalizedTime);
    this.nextUpdate = nextUpdate && readTime(nextUpdate);
    this.#entries = optional.find((part) => part.tag === Tag.sequence)?.content ?? new Uint8Array();
    const wrapped = optional.find((part) => part.tag === contextTag(0));
    this.extensions = wrapped ? readExtensions(wrapped.at(0)) : new Map();

    this.crlNumber = this.#read(ExtensionType.crlNumber, (value) => readInteger(readDer(value)));
    this.baseCrlNumber = this.#read(ExtensionType.deltaCrlIndicator, (value) => readInteger(readDer(value)));
    this.issuingDistributionPoint = this.#read(
      ExtensionType.issuingDistributionPoint,
      readIssuingDistributionPoint,
    );
    this.authorityKeyIdentifier = this.#read(
      ExtensionType.authorityKeyIdentifier,
      readAuthorityKeyIdentifier,
    );
  }

  get isDelta(): boolean {
    return this.baseCrlNumber !== undefined;
  }

  get isIndirect(): boolean {
    return this.issuingDistributionPoint?.indirect === true;
  }

  /**
   * RFC 5280 5.2 and 5.3: a CRL with a critical extension (of its own or of any entry) that we do not process says
   * nothing about any certificate.
   * @throws PkiError `pki.malformed_crl`
   */
  get hasUnknownCriticalExtension(): boolean {
    const own = [...this.extensions.values()].some((e) => e.critical && !KNOWN_EXTENSIONS.has(e.type));
    return own || this.#indexed().unknownCritical;
  }

  /** Entries, without building any object for them. @throws PkiError `pki.malformed_crl` */
  get size(): number {
    return this.#indexed().size;
  }

  /**
   * What the list says of a serial number (as {@link Certificate.serial} writes it) of `certificateIssuer`.
   * @throws PkiError `pki.malformed_crl`
   */
  lookup(serial: string, certificateIssuer: Name = this.issuer): RevokedEntry | undefined {
    const offset = this.#indexed().byIssuer.get(certificateIssuer.key)?.get(serial);
    return offset === undefined ? undefined : reading(() => readEntry(this.#entryAt(offset)));
  }

  #indexed(): EntryIndex {
    this.#index ??= reading(() => indexEntries(this.#entries, this.issuer, this.isIndirect));
    return this.#index;
  }

  #entryAt(offset: number): Node {
    return readDerPrefix(this.#entries.subarray(offset));
  }

  #read<T>(type: string, reader: (value: Uint8Array) => T): T | undefined {
    const extension = this.extensions.get(type);
    return extension && reader(extension.value);
  }
}

/** Reads one DER CRL; entries are read at the first lookup. @throws PkiError `pki.malformed_crl` */
export function parseCrl(der: Uint8Array): Crl {
  return reading(() => new Crl(der));
}

interface EntryIndex {
  readonly byIssuer: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly unknownCritical: boolean;
  readonly size: number;
}

function indexEntries(entries: Uint8Array, issuer: Name, indirect: boolean): EntryIndex {
  let current = new Map<string, number>();
  const byIssuer = new Map([[issuer.key, current]]);
  let unknownCritical = false;
  let size = 0;
  for (let offset = 0; offset < entries.length; size++) {
    const entry = readDerPrefix(entries.subarray(offset));
    const [serial, , extensions] = entry.children;
    if (!serial) throw new Asn1Error('asn1.unexpected', 'a CRL entry without serial number');
    if (extensions) {
      const read = readExtensions(extensions);
      unknownCritical ||= [...read.values()].some((e) => e.critical && !KNOWN_ENTRY_EXTENSIONS.has(e.type));
      const certificateIssuer = read.get(ExtensionType.certificateIssuer);
      if (certificateIssuer && indirect) {
        // 5.3.3: it holds for this entry and those after it, up to the next one that names an issuer.
        const names = readGeneralNames(readDer(certificateIssuer.value));
        const directory = names.find((name) => name.kind === 'directory');
        if (directory?.kind !== 'directory')
          throw new Asn1Error('asn1.unexpected', 'an issuer without a name');
        current = byIssuer.get(directory.name.key) ?? new Map();
        byIssuer.set(directory.name.key, current);
      }
    }
    current.set(serialText(serial.content), offset);
    offset += entry.bytes.length;
  }
  return { byIssuer, unknownCritical, size };
}

/** By the code of RFC 5280 5.3.1; 7 is not used. */
const REASONS: readonly (RevocationReason | undefined)[] = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
];

/** The reason an ENUMERATED CRLReason names; one that is not defined counts as unspecified. */
export const readReason = (code: Node): RevocationReason =>
  REASONS[Number(readInteger(code))] ?? 'unspecified';

function readEntry(entry: Node): RevokedEntry {
  const extensions = entry.children[2] && readExtensions(entry.children[2]);
  const code = extensions?.get(ExtensionType.reasonCode);
  return { date: readTime(entry.at(1)), reason: code ? readReason(readDer(code.value)) : 'unspecified' };
}

function readIssuingDistributionPoint(value: Uint8Array): IssuingDistributionPoint {
  const parts = readDer(value).expect(Tag.sequence).children;
  const flag = (number: number): boolean => {
    const part = parts.find((p) => p.tag === contextTag(number, false));
    return part !== undefined && readBoolean(readDer(Uint8Array.of(Tag.boolean, 1, part.content[0] ?? 0)));
  };
  const name = parts.find((part) => part.tag === contextTag(0));
  const reasons = parts.find((part) => part.tag === contextTag(3, false));
  return {
    ...(name && { name: readDistributionPointName(name.at(0)) }),
    onlyUserCertificates: flag(1),
    onlyCaCertificates: flag(2),
    ...(reasons && { onlySomeReasons: readReasons(reasons) }),
    indirect: flag(4),
    onlyAttributeCertificates: flag(5),
  };
}

function reading<T>(step: () => T): T {
  try {
    return step();
  } catch (cause) {
    if (!(cause instanceof Asn1Error)) throw cause;
    throw new PkiError('pki.malformed_crl', `not a CRL: ${cause.message}`, { cause });
  }
}
