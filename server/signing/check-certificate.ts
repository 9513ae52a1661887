import { CodedError } from '../errors/coded-error.ts';
import type { Certificate } from '../pki/certificate.ts';
import { CertificatePool } from '../pki/certificate-pool.ts';
import { checkRevocation } from '../pki/check-revocation.ts';
import type { Crl } from '../pki/crl.ts';
import { SigningError } from './errors.ts';

/** What the register of certificates says before each signature: undefined lets it pass, else the code of the refusal. */
export interface CertificateGate {
  check(certificate: Certificate, at: Date): Promise<string | undefined>;
}

export interface CertificateCheckOptions {
  readonly at: Date;
  readonly crls?: readonly Crl[];
  /** Where the issuer of the certificate may be found, which must have signed a CRL for it to count. */
  readonly issuers?: readonly Certificate[];
  readonly gate?: CertificateGate;
}

/**
 * Whether a certificate may sign now (Circular 15/2025 article 5: check first, refuse otherwise): in its period, meant
 * for signing, not in a CRL of its issuer, and not refused by the register.
 * @throws SigningError `signing.certificate_not_yet_valid`, `signing.certificate_expired`, `signing.key_usage`,
 *   `signing.certificate_revoked`; CodedError with the gate's code.
 */
export async function checkCertificate(
  certificate: Certificate,
  options: CertificateCheckOptions,
): Promise<void> {
  const { at, gate } = options;
  const { notBefore, notAfter, keyUsage, fingerprint } = certificate;
  if (at < notBefore) {
    throw new SigningError('signing.certificate_not_yet_valid', `valid from ${notBefore.toISOString()}`, {
      details: { notBefore: notBefore.toISOString() },
    });
  }
  if (at > notAfter) {
    throw new SigningError('signing.certificate_expired', `valid until ${notAfter.toISOString()}`, {
      details: { notAfter: notAfter.toISOString() },
    });
  }
  // RFC 5280 4.2.1.3: without the extension nothing is ruled out.
  if (keyUsage && !keyUsage.has('digitalSignature') && !keyUsage.has('nonRepudiation')) {
    throw new SigningError('signing.key_usage', 'key usage has neither digitalSignature nor nonRepudiation');
  }
  const revokedOn = findRevocation(certificate, options);
  if (revokedOn) {
    throw new SigningError('signing.certificate_revoked', `revoked on ${revokedOn.toISOString()}`, {
      details: { date: revokedOn.toISOString() },
    });
  }
  const refusal = await gate?.check(certificate, at);
  if (refusal)
    throw new CodedError(refusal, 'the register refuses the certificate', { details: { fingerprint } });
}

/**
 * The date from a CRL signed by the certificate's issuer. A CRL past its next update still counts: it cannot clear the
 * certificate, but what it says is revoked stays so.
 */
function findRevocation(certificate: Certificate, options: CertificateCheckOptions): Date | undefined {
  const { at, crls = [], issuers = [] } = options;
  if (crls.length === 0) return undefined;
  const pool = new CertificatePool();
  for (const issuer of issuers.filter(({ subject }) => subject.equals(certificate.issuer))) {
    const path = { anchor: { certificate: issuer }, certificates: [certificate] };
    for (const crl of crls) {
      const lastGood = crl.nextUpdate && crl.nextUpdate < at ? crl.nextUpdate : at;
      const result = checkRevocation(path, 0, { crls: [crl], pool, at: lastGood });
      if (result.status === 'revoked') return result.date;
    }
  }
  return undefined;
}
