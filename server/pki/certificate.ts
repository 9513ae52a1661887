import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { Asn1Error } from '../asn1/errors.ts';
import { integerOctets, type Node, readBitString, readDer, readTime } from '../asn1/read.ts';
import { contextTag, Tag } from '../asn1/tag.ts';
import { bitString, sequence } from '../asn1/write.ts';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm.ts';
import { PkiError } from './errors.ts';
import * as read from './extensions.ts';
import { type GeneralName, readGeneralNames } from './general-name.ts';
import { type Name, readName } from './name.ts';
import { ExtensionType } from './oids.ts';
import { serialText } from './serial.ts';

/**
 * An X.509 certificate as RFC 5280 4.1 describes it, immutable. Nothing about it is believed: {@link parseCertificate}
 * only reads, `validatePath` judges.
 */
export class Certificate {
  readonly der: Uint8Array;
  /** SHA-256 of `der`, lower-case hex: how every part of the product names a certificate. */
  readonly fingerprint: string;
  /** 0, 1 or 2 for v1, v2 and v3, as encoded. */
  readonly version: number;
  /** Hex, lower case, two digits an octet; a leading `-` when (against RFC 5280) negative. */
  readonly serial: string;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly keyAlgorithm: AlgorithmIdentifier;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** The signed bytes (TBSCertificate). */
  readonly tbs: Uint8Array;
  readonly extensions: ReadonlyMap<string, read.Extension>;

  readonly keyUsage: ReadonlySet<read.KeyUsage> | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly basicConstraints: read.BasicConstraints | undefined;
  readonly subjectKeyIdentifier: Uint8Array | undefined;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  readonly subjectAltNames: readonly GeneralName[];
  readonly policies: readonly read.CertificatePolicy[] | undefined;
  readonly policyMappings: readonly read.PolicyMapping[];
  readonly policyConstraints: read.PolicyConstraints | undefined;
  readonly inhibitAnyPolicy: number | undefined;
  readonly nameConstraints: read.NameConstraints | undefined;
  readonly crlDistributionPoints: readonly read.DistributionPoint[];
  readonly freshestCrl: readonly read.DistributionPoint[];
  readonly authorityInfoAccess: read.AuthorityInfoAccess;
  #publicKey: KeyObject | undefined;

  /** @throws Asn1Error */
  constructor(der: Uint8Array) {
    const [tbs, algorithm, signature] = readDer(der).expect(Tag.sequence).children;
    if (!tbs || !algorithm || !signature) throw new Asn1Error('asn1.unexpected', 'not a certificate');
    this.der = der;
    this.fingerprint = createHash('sha256').update(der).digest('hex');
    this.tbs = tbs.bytes;
    this.signature = readBitString(signature).bytes;
    this.signatureAlgorithm = readAlgorithmIdentifier(algorithm);

    const parts = [...tbs.expect(Tag.sequence).children];
    const version = parts[0]?.tag === contextTag(0) ? parts.shift() : undefined;
    this.version = version ? (version.at(0).expect(Tag.integer).content[0] ?? 0) : 0;
    const [serial, inner, issuer, validity, subject, spki, ...optional] = parts;
    if (!serial || !inner || !issuer || !validity || !subject || !spki) {
      throw new Asn1Error('asn1.unexpected', 'an incomplete certificate');
    }
    // RFC 5280 4.1.1.2: both fields must hold the same algorithm identifier, or an attacker chooses.
    if (Buffer.compare(inner.bytes, algorithm.bytes) !== 0) {
      throw new Asn1Error('asn1.unexpected', 'two different signature algorithms');
    }
    this.serial = serialText(integerOctets(serial.expect(Tag.integer)));
    this.issuer = readName(issuer.expect(Tag.sequence));
    this.subject = readName(subject.expect(Tag.sequence));
    this.notBefore = readTime(validity.at(0));
    this.notAfter = readTime(validity.at(1));
    this.spki = spki.expect(Tag.sequence).bytes;
    this.keyAlgorithm = readAlgorithmIdentifier(spki.at(0));
    this.extensions = readOptionalExtensions(optional);

    const E = ExtensionType;
    this.keyUsage = this.#read(E.keyUsage, read.readKeyUsage);
    this.extendedKeyUsage = this.#read(E.extendedKeyUsage, read.readExtendedKeyUsage);
    this.basicConstraints = this.#read(E.basicConstraints, read.readBasicConstraints);
    this.subjectKeyIdentifier = this.#read(E.subjectKeyIdentifier, read.readKeyIdentifier);
    this.authorityKeyIdentifier = this.#read(E.authorityKeyIdentifier, read.readAuthorityKeyIdentifier);
    this.subjectAltNames = this.#read(E.subjectAltName, (der) => readGeneralNames(readDer(der))) ?? [];
    this.policies = this.#read(E.certificatePolicies, read.readCertificatePolicies);
    this.policyMappings = this.#read(E.policyMappings, read.readPolicyMappings) ?? [];
    this.policyConstraints = this.#read(E.policyConstraints, read.readPolicyConstraints);
    this.inhibitAnyPolicy = this.#read(E.inhibitAnyPolicy, read.readInhibitAnyPolicy);
    this.nameConstraints = this.#read(E.nameConstraints, read.readNameConstraints);
    this.crlDistributionPoints = this.#read(E.crlDistributionPoints, read.readDistributionPoints) ?? [];
    this.freshestCrl = this.#read(E.freshestCrl, read.readDistributionPoints) ?? [];
    this.authorityInfoAccess = this.#read(E.authorityInfoAccess, read.readAuthorityInfoAccess) ?? {
      ocsp: [],
      caIssuers: [],
    };
  }

  /** The basic constraints say it may issue certificates. */
  get isCa(): boolean {
    return this.basicConstraints?.ca === true;
  }

  /** Issuer and subject are the same name (RFC 5280 3.2); says nothing about who signed it. */
  get selfIssued(): boolean {
    return this.issuer.equals(this.subject);
  }

  /** http addresses of CRLs that the certificate names; only text, never followed here. */
  get crlUrls(): readonly string[] {
    return this.crlDistributionPoints.flatMap(({ name }) =>
      name?.kind === 'full' ? name.names.flatMap((n) => (n.kind === 'uri' ? [n.value] : [])) : [],
    );
  }

  /** DER of the key algorithm's parameters, absent for a DSA key that inherits its issuer's (RFC 3279 2.3.2). */
  get keyParameters(): Uint8Array | undefined {
    return this.keyAlgorithm.parameters;
  }

  /** Cached. @throws PkiError `pki.unsupported_key` */
  get publicKey(): KeyObject {
    this.#publicKey ??= importKey(this.spki);
    return this.#publicKey;
  }

  /** The key completed with the parameters of its issuer's key. @throws PkiError `pki.unsupported_key` */
  publicKeyWith(parameters: Uint8Array): KeyObject {
    const [algorithm, key] = readDer(this.spki).children;
    if (!algorithm || !key) throw new PkiError('pki.unsupported_key', 'an incomplete public key');
    const bits = bitString(readBitString(key).bytes);
    return importKey(sequence(sequence(algorithm.at(0).bytes, parameters), bits));
  }

  #read<T>(type: string, reader: (value: Uint8Array) => T): T | undefined {
    const extension = this.extensions.get(type);
    return extension && reader(extension.value);
  }
}

/**
 * Reads one DER certificate.
 * @throws PkiError `pki.malformed_certificate`
 */
export function parseCertificate(der: Uint8Array): Certificate {
  try {
    return new Certificate(der);
  } catch (cause) {
    if (!(cause instanceof Asn1Error)) throw cause;
    throw new PkiError('pki.malformed_certificate', `not a certificate: ${cause.message}`, { cause });
  }
}

function readOptionalExtensions(optional: readonly Node[]): ReadonlyMap<string, read.Extension> {
  const wrapped = optional.find((part) => part.tag === contextTag(3));
  return wrapped ? read.readExtensions(wrapped.at(0)) : new Map();
}

/** What a key may have at most; larger ones only serve to keep a verifier busy. OpenSSL bounds the other kinds itself. */
const MAX_RSA_BITS = 8192;
const MAX_DSA_BITS = 4096;
const MAX_EXPONENT = 2n ** 64n;

function importKey(spki: Uint8Array): KeyObject {
  const key = readKey(spki);
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  const isDsa = key.asymmetricKeyType === 'dsa';
  if (modulusLength > (isDsa ? MAX_DSA_BITS : MAX_RSA_BITS) || publicExponent > MAX_EXPONENT) {
    throw new PkiError('pki.unsupported_key', 'the public key is too large');
  }
  return key;
}

function readKey(spki: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch (cause) {
    throw new PkiError('pki.unsupported_key', 'the public key cannot be read', { cause });
  }
}
