import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Certificate } from '../pki/certificate.ts';
import { SigningError } from './errors.ts';
import { issuerChain } from './issuer-chain.ts';
import { readPkcs12 } from './pkcs12/read.ts';
import { PrivateKeyProvider } from './private-key-provider.ts';
import { readableCertificate } from './readable-certificate.ts';

/**
 * Opens a PKCS#12 file: the private key, the certificate that has its public key (whatever the order of the file),
 * and the issuers of that certificate as far as the file holds them.
 *
 * @param options.fingerprint which certificate is meant (SHA-256 of its DER, hex), for files with several keys.
 * @throws SigningError `signing.p12_*`, `signing.key_unsupported`. No error carries the passphrase or the key.
 */
export async function openPkcs12(
  bytes: Uint8Array,
  passphrase: string,
  options: { readonly fingerprint?: string } = {},
): Promise<PrivateKeyProvider> {
  const content = await readPkcs12(bytes, passphrase);
  if (content.keys.length === 0) throw new SigningError('signing.p12_no_key', 'no private key in the file');
  const certificates = content.certificates.flatMap(readableCertificate);
  const keys = content.keys.flatMap(importKey);
  if (keys.length === 0) throw new SigningError('signing.key_unsupported', 'no private key can be read');
  const pairs = distinct(keys.flatMap((key) => withCertificates(key, certificates)));
  if (pairs.length === 0) {
    throw new SigningError(
      'signing.p12_no_certificate',
      'no certificate has the public key of a private key',
    );
  }
  const { fingerprint } = options;
  const wanted = fingerprint ? pairs.filter((pair) => pair.certificate.fingerprint === fingerprint) : pairs;
  const [chosen, ...others] = wanted;
  if (!chosen) throw new SigningError('signing.p12_no_certificate', `no key for certificate ${fingerprint}`);
  if (others.length > 0) {
    const choices = wanted.map(({ certificate: { fingerprint: id, subject } }) => ({
      fingerprint: id,
      subject: subject.toString(),
    }));
    const list = choices.map((choice) => `${choice.fingerprint} (${choice.subject})`).join(', ');
    throw new SigningError('signing.p12_several_keys', `several keys: ${list}`, { details: { choices } });
  }
  return new PrivateKeyProvider(
    chosen.key,
    chosen.certificate,
    issuerChain(chosen.certificate, certificates),
  );
}

interface Pair {
  readonly key: KeyObject;
  readonly certificate: Certificate;
}

/** A key that cannot be read is no reason to refuse another one beside it. */
function importKey(der: Uint8Array): KeyObject[] {
  try {
    return [createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })];
  } catch {
    // Without a word of OpenSSL's: its errors have quoted what they could not read.
    return [];
  }
}

function withCertificates(key: KeyObject, certificates: readonly Certificate[]): Pair[] {
  const publicKey = createPublicKey(key);
  return certificates
    .filter((certificate) => certificate.publicKey.equals(publicKey))
    .map((certificate) => ({ key, certificate }));
}

/** Some files hold a key or a certificate twice. */
const distinct = (pairs: readonly Pair[]): readonly Pair[] => [
  ...new Map(pairs.map((pair) => [pair.certificate.fingerprint, pair])).values(),
];
