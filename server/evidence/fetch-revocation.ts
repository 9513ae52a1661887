import { randomBytes } from 'node:crypto';
import type { Certificate } from '../pki/certificate.ts';
import { type Crl, parseCrl } from '../pki/crl.ts';
import { ocspRequest, ocspRequestType } from '../pki/ocsp-request.ts';
import { type OcspResponse, parseOcspResponse } from '../pki/ocsp-response.ts';
import type { Fetch } from '../platform/guarded-fetch.ts';
import { Refused } from './refusal.ts';

const MAX_OCSP = 256 * 1024;
/** RFC 8954 2.1 allows 32; responders written before it take 16. */
const NONCE_OCTETS = 16;
/** A list of a million entries has about 40 MB, and takes longer than a small answer. */
const MAX_CRL = 64 * 1024 * 1024;
const CRL_PATIENCE = 4;

/**
 * Asks an OCSP responder about one certificate (RFC 6960 appendix A, by POST); nothing in the answer is checked yet. A
 * responder that will not have a nonce, which many will not, is asked once more without.
 * @throws Refused, PlatformError, PkiError `pki.malformed_ocsp`
 */
export async function fetchOcsp(
  fetch: Fetch,
  url: string,
  certificate: Certificate,
  issuer: Certificate,
): Promise<{ readonly response: OcspResponse; readonly nonce?: Uint8Array }> {
  const ask = async (nonce?: Uint8Array): Promise<OcspResponse> =>
    parseOcspResponse(
      await fetch(url, {
        body: ocspRequest(certificate, issuer, { ...(nonce && { nonce }) }),
        contentType: ocspRequestType,
        maxBytes: MAX_OCSP,
      }),
    );
  const nonce = randomBytes(NONCE_OCTETS);
  const response = await ask(nonce);
  if (response.basic) return { response, nonce };
  const plain = await ask();
  if (plain.basic) return { response: plain };
  throw new Refused(`ocsp_${plain.status}`, `the responder answers ${plain.status}`);
}

/** Fetches one CRL; nothing in it is checked yet. @throws PlatformError, PkiError `pki.malformed_crl` */
export async function fetchCrl(fetch: Fetch, url: string, maxBytes = MAX_CRL): Promise<Crl> {
  return parseCrl(await fetch(url, { maxBytes, patience: CRL_PATIENCE }));
}
