import { CmsError } from '../cms/errors.ts';
import { parseSignedData } from '../cms/parse-signed-data.ts';
import { CodedError } from '../errors/coded-error.ts';
import type { Certificate } from '../pki/certificate.ts';
import { PkiError } from '../pki/errors.ts';
import { certificateLabels, readPemOrDer } from '../pki/pem.ts';
import { keyOf, readableCertificates } from '../pki/readable.ts';
import { verifyCertificateSignature } from '../pki/verify-signature.ts';
import type { Fetch } from '../platform/guarded-fetch.ts';
import type { Logger } from '../platform/services.ts';
import type { IssuerSource } from './ports.ts';

export interface IssuerSourceOptions {
  /** Undefined: nothing named inside a certificate is fetched. */
  readonly fetch: Fetch | undefined;
  readonly logger: Logger;
}

const MAX_URLS = 4;
const MAX_BYTES = 256 * 1024;
/** Certificates of one answer; a bundle has a handful. */
const MAX_CERTIFICATES = 50;
/** Addresses remembered. */
const MAX_KEPT = 500;

/** Issuers from where a certificate says they are published (RFC 5280 4.2.2.1, id-ad-caIssuers). */
export function issuerSource({ fetch, logger }: IssuerSourceOptions): IssuerSource {
  const kept = new Map<string, readonly Certificate[]>();
  const published = async (url: string): Promise<readonly Certificate[]> => {
    const known = kept.get(url);
    if (known || !fetch) return known ?? [];
    try {
      const certificates = readCertificates(await fetch(url, { maxBytes: MAX_BYTES }));
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(url, certificates);
      return certificates;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      logger.info({ url, code: error.code }, 'issuers cannot be fetched');
      return [];
    }
  };
  return {
    issuers: async (certificate) => {
      const urls = certificate.authorityInfoAccess.caIssuers.slice(0, MAX_URLS);
      const found = (await Promise.all(urls.map(published))).flat();
      return found.filter((candidate) => isIssuer(candidate, certificate));
    },
  };
}

/** One certificate in DER or PEM, or a bundle as SignedData without signers (RFC 5280 4.2.2.1). */
function readCertificates(bytes: Uint8Array): readonly Certificate[] {
  const blocks = readPemOrDer(bytes, certificateLabels).slice(0, MAX_CERTIFICATES);
  const single = readableCertificates(blocks);
  if (single.length > 0) return single;
  try {
    return readableCertificates(parseSignedData(bytes).certificates.slice(0, MAX_CERTIFICATES));
  } catch (error) {
    if (!(error instanceof CmsError)) throw error;
    throw new PkiError('pki.malformed_certificate', 'neither a certificate nor a bundle of them');
  }
}

function isIssuer(candidate: Certificate, certificate: Certificate): boolean {
  const key = keyOf(candidate);
  return (
    candidate.subject.equals(certificate.issuer) &&
    key !== undefined &&
    verifyCertificateSignature(certificate, key)
  );
}
