import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { PkiError } from '../pki/errors.ts';
import { SigningError } from './errors.ts';
import { issuerChain } from './issuer-chain.ts';
import { readPkcs12 } from './pkcs12/read.ts';
import { PrivateKeyProvider } from './private-key-provider.ts';

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
  const certificates = content.certificates.flatMap(readable);
  const pairs = content.keys.map(importKey).flatMap((key) => withCertificates(key, certificates));
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
    const fingerprints = wanted.map(({ certificate }) => certificate.fingerprint);
    throw new SigningError('signing.p12_several_keys', 'several keys', { details: { fingerprints } });
  }
  return new PrivateKeyProvider(
    chosen.key,
    chosen.certificate,
    issuerChain(chosen.certificate, certificates),
  );
}

function importKey(der: Uint8Array): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  } catch {
    // Without the cause: OpenSSL's errors have quoted what they could not read.
    throw new SigningError('signing.key_unsupported', 'the private key cannot be read');
  }
}

/** A certificate that cannot be read is no reason to refuse the key beside it. */
function readable(der: Uint8Array): Certificate[] {
  try {
    const certificate = parseCertificate(der);
    return certificate.publicKey ? [certificate] : [];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}

function withCertificates(
  key: KeyObject,
  certificates: readonly Certificate[],
): { key: KeyObject; certificate: Certificate }[] {
  const publicKey = createPublicKey(key);
  const distinct = new Map(certificates.map((certificate) => [certificate.fingerprint, certificate]));
  return [...distinct.values()]
    .filter((certificate) => certificate.publicKey.equals(publicKey))
    .map((certificate) => ({ key, certificate }));
}
