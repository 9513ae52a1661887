// @peculiar/x509 resolves its algorithms through decorators, which need this before it.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  type JsonNameParams,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
} from '@peculiar/x509';
import { integer, nullValue } from '../../server/asn1/write.ts';
import { type KeyPair, signingAlgorithm } from './keys.ts';
import type { AuthorityRecipe, CertificateRecipe, Recipe } from './recipe.ts';

export interface Issued {
  readonly certificate: X509Certificate;
  readonly keys: KeyPair;
  readonly crlUrl: string;
}

const attributeOids: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  T: '2.5.4.12',
  E: '1.2.840.113549.1.9.1',
  UID: '0.9.2342.19200300.100.1.1',
};

const purposes: Readonly<Record<string, string>> = {
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  // RFC 9336.
  documentSigning: '1.3.6.1.5.5.7.3.36',
};

const CRL_NUMBER = '2.5.29.20';
const OCSP_NO_CHECK = '1.3.6.1.5.5.7.48.1.5';

/** A certificate authority: self-signed without `issuer` (RFC 5280 4.2.1.9, 4.2.1.3). */
export function issueAuthority(
  recipe: Recipe,
  entry: AuthorityRecipe,
  keys: KeyPair,
  now: Date,
  issuer?: Issued,
): Promise<X509Certificate> {
  return issue(recipe, entry, keys, now, issuer, [
    new BasicConstraintsExtension(true, entry.pathLength, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ]);
}

/** A signer's certificate with the key usage of official Vietnamese ones unless the recipe says otherwise. */
export function issueCertificate(
  recipe: Recipe,
  entry: CertificateRecipe,
  keys: KeyPair,
  now: Date,
  issuer: Issued,
): Promise<X509Certificate> {
  const { keyUsage = ['digitalSignature', 'nonRepudiation'] } = entry;
  const {
    extendedKeyUsage: extended = { purposes: ['emailProtection', 'documentSigning'], critical: false },
  } = entry;
  return issue(recipe, entry, keys, now, issuer, [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(
      keyUsage.reduce((flags, usage) => flags | KeyUsageFlags[usage], 0),
      true,
    ),
    new ExtendedKeyUsageExtension(
      extended.purposes.map((name) => purposes[name] ?? name),
      extended.critical,
    ),
    // Nobody need ask about a responder that is replaced before long (RFC 6960 4.2.2.2.1).
    ...(extended.purposes.includes('ocspSigning') ? [new Extension(OCSP_NO_CHECK, false, nullValue())] : []),
  ]);
}

async function issue(
  recipe: Recipe,
  entry: AuthorityRecipe | CertificateRecipe,
  keys: KeyPair,
  now: Date,
  issuer: Issued | undefined,
  extensions: readonly Extension[],
): Promise<X509Certificate> {
  const subject = nameOf(entry.subject);
  const signer = issuer?.keys ?? keys;
  return X509CertificateGenerator.create(
    {
      serialNumber: newSerial(),
      subject,
      issuer: issuer?.certificate.subjectName ?? subject,
      notBefore: addDays(now, entry.fromDays),
      notAfter: addDays(now, entry.toDays),
      publicKey: keys.publicKey,
      signingKey: signer.privateKey,
      signingAlgorithm: signingAlgorithm(signer.kind),
      extensions: [
        ...extensions,
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        new CertificatePolicyExtension([recipe.developmentPolicy]),
        ...(issuer
          ? [
              await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey, false, webcrypto),
              new CRLDistributionPointsExtension([issuer.crlUrl]),
            ]
          : []),
      ],
    },
    webcrypto,
  );
}

export interface RevokedEntry {
  readonly certificate: X509Certificate;
  readonly date: Date;
  readonly reason: keyof typeof X509CrlReason;
}

/** A complete CRL with number and authority key identifier (RFC 5280 5.2). */
export async function issueCrl(
  issuer: Issued,
  revoked: readonly RevokedEntry[],
  thisUpdate: Date,
  days: number,
): Promise<Uint8Array> {
  const crl = await X509CrlGenerator.create(
    {
      issuer: issuer.certificate.subjectName,
      thisUpdate,
      nextUpdate: addDays(thisUpdate, days),
      signingKey: issuer.keys.privateKey,
      signingAlgorithm: signingAlgorithm(issuer.keys.kind),
      entries: revoked.map(({ certificate, date, reason }) => ({
        serialNumber: certificate.serialNumber,
        revocationDate: date,
        reason: X509CrlReason[reason],
      })),
      extensions: [
        await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey, false, webcrypto),
        new Extension(CRL_NUMBER, false, integer(thisUpdate.getTime())),
      ],
    },
    webcrypto,
  );
  return new Uint8Array(crl.rawData);
}

/** Vietnamese text as UTF8String; country and e-mail address as RFC 5280 4.1.2.4 and appendix A demand. */
function nameOf(subject: AuthorityRecipe['subject']): Name {
  return new Name(
    subject.map(([attribute, text]): JsonNameParams[number] => {
      const value =
        attribute === 'C'
          ? { printableString: text }
          : attribute === 'E'
            ? { ia5String: text }
            : { utf8String: text.normalize('NFC') };
      return { [attributeOids[attribute] ?? attribute]: [value] };
    }),
  );
}

/** Positive and at most 20 octets (RFC 5280 4.1.2.2). */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

const addDays = (time: Date, days: number): Date => new Date(time.getTime() + days * 86_400_000);
