import { buildPaths } from '../../../server/pki/build-paths.ts';
import { type Certificate, parseCertificate } from '../../../server/pki/certificate.ts';
import { CertificatePool } from '../../../server/pki/certificate-pool.ts';
import { checkRevocation } from '../../../server/pki/check-revocation.ts';
import { type Crl, parseCrl } from '../../../server/pki/crl.ts';
import { suggestHolder } from '../../../server/pki/holder.ts';
import { validatePath } from '../../../server/pki/validate-path.ts';
import { verifyCertificateSignature, verifyCrlSignature } from '../../../server/pki/verify-signature.ts';
import type { SeedFile } from '../fuzz-case.ts';
import { take } from '../take.ts';
import { guarded } from './problem.ts';

const PKI = ['pki'];
const AT = new Date('2026-06-01T00:00:00Z');

/** Reads the bytes as certificate and as CRL, judges them, and believes no signature over bytes that nobody signed. */
export function certificateChecker(seeds: readonly SeedFile[]): (bytes: Buffer) => string | undefined {
  const certificates = seeds.flatMap(({ bytes }) => guarded(PKI, () => parseCertificate(bytes)) ?? []);
  const crls = seeds.flatMap(({ bytes }) => guarded(PKI, () => parseCrl(bytes)) ?? []);
  const signed = new Set([...certificates, ...crls].map(({ tbs }) => keyOf(tbs)));
  const issuers = certificates.filter(({ isCa }) => isCa);
  const serials = certificates.map(({ serial }) => serial).slice(0, 20);

  const certificateProblem = (certificate: Certificate): string | undefined => {
    describe(certificate);
    const known = issuers.filter(({ subject }) => subject.equals(certificate.issuer));
    const forged = known.some((issuer) =>
      guarded(PKI, () => verifyCertificateSignature(certificate, issuer.publicKey)),
    );
    if (forged && !signed.has(keyOf(certificate.tbs))) return 'a certificate nobody signed is verified';
    judge(certificate, issuers, certificates, crls);
    return undefined;
  };

  const crlProblem = (crl: Crl): string | undefined => {
    for (const serial of serials) guarded(PKI, () => crl.lookup(serial));
    guarded(PKI, () => [crl.size, crl.hasUnknownCriticalExtension]);
    const known = issuers.filter(({ subject }) => subject.equals(crl.issuer));
    const forged = known.some((issuer) => guarded(PKI, () => verifyCrlSignature(crl, issuer.publicKey)));
    if (forged && !signed.has(keyOf(crl.tbs))) return 'a CRL nobody signed is verified';
    for (const certificate of certificates.slice(0, 40)) judge(certificate, known, [], [crl]);
    return undefined;
  };

  return (bytes) => {
    const certificate = guarded(PKI, () => parseCertificate(bytes));
    const crl = guarded(PKI, () => parseCrl(bytes));
    return (certificate && certificateProblem(certificate)) ?? (crl && crlProblem(crl));
  };
}

const keyOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function describe(certificate: Certificate): void {
  guarded(PKI, () => certificate.publicKey);
  guarded(PKI, () => suggestHolder(certificate));
  guarded(PKI, () => [certificate.selfIssued, certificate.crlUrls, certificate.subject.toString()]);
}

function judge(
  certificate: Certificate,
  anchors: readonly Certificate[],
  pool: readonly Certificate[],
  crls: readonly Crl[],
): void {
  const sources = {
    anchors: anchors.map((anchor) => ({ certificate: anchor })),
    pool: new CertificatePool(pool),
    crls,
    at: AT,
  };
  for (const path of guarded(PKI, () => take(buildPaths(certificate, sources), 2)) ?? []) {
    guarded(PKI, () => validatePath(path, { at: AT }));
    if (path.certificates.length > 0)
      guarded(PKI, () => checkRevocation(path, path.certificates.length - 1, sources));
  }
}
