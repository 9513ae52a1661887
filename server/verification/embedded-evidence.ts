import { contextTag } from '../asn1/tag.ts';
import { Oid } from '../cms/oids.ts';
import type { PdfView } from '../pdf/document.ts';
import { PdfError } from '../pdf/errors.ts';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { type Crl, parseCrl } from '../pki/crl.ts';
import type { Effort } from '../pki/effort.ts';
import { type OcspResponse, parseOcspResponse } from '../pki/ocsp-response.ts';
import { readable } from '../pki/readable.ts';
import type { SignatureFacts } from './signature-facts.ts';

/** Certificates, CRLs and OCSP responses a file brings along. They prove themselves by their signatures, whoever put them there. */
export interface Evidence extends RevocationData {
  readonly certificates: readonly Certificate[];
}

export interface RevocationData {
  readonly crls: readonly Crl[];
  readonly ocsps: readonly OcspResponse[];
}

/** Reading that many CRLs or OCSP responses costs as much as checking a signature. */
const LISTS_PER_CHECK = 2;

/** Streams read from one security store. */
const MAX_ITEMS = 500;

/** Reads the document security store (ISO 32000-2 12.8.4.3); what cannot be read is left out. */
export function storedEvidence(document: PdfView): Evidence {
  try {
    const dss = document.dict(document.catalog.get('DSS'));
    const streams = (key: string): Uint8Array[] =>
      (document.array(dss?.get(key)) ?? []).slice(0, MAX_ITEMS).flatMap((item) => {
        const stream = document.stream(item);
        return stream ? [document.decode(stream)] : [];
      });
    return {
      certificates: streams('Certs').flatMap((der) => readable(() => parseCertificate(der))),
      ...parsed(streams('CRLs'), streams('OCSPs')),
    };
  } catch (error) {
    if (!(error instanceof PdfError)) throw error;
    return { certificates: [], crls: [], ocsps: [] };
  }
}

/**
 * What stands inside the CMS: in SignedData (RFC 5652 10.2.1, RFC 5940) and in Adobe's signed attribute
 * (ISO 32000-2 12.8.3.3.2).
 */
export function signatureEvidence({ signedData, signer }: SignatureFacts, effort: Effort): RevocationData {
  const adobe = signer?.signedAttributes?.attributes.find(({ oid }) => oid === Oid.adobeRevocation);
  const archived = (number: number): readonly Uint8Array[] =>
    readable(() => {
      const lists = adobe?.values[0]?.children.find(({ tag }) => tag === contextTag(number));
      return (lists?.at(0).children ?? []).map(({ bytes }) => bytes);
    }).flat();
  const crls = [...(signedData?.crls ?? []), ...archived(0)].slice(0, MAX_ITEMS);
  const ocsps = [...(signedData?.ocspResponses ?? []), ...archived(1)].slice(0, MAX_ITEMS);
  effort.spend((crls.length + ocsps.length) / LISTS_PER_CHECK);
  return parsed(crls, ocsps);
}

const parsed = (crls: readonly Uint8Array[], ocsps: readonly Uint8Array[]): RevocationData => ({
  crls: crls.flatMap((der) => readable(() => parseCrl(der))),
  ocsps: ocsps.flatMap((der) => readable(() => parseOcspResponse(der))),
});
