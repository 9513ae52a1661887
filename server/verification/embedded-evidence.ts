import { Asn1Error } from '../asn1/errors.ts';
import { Oid } from '../cms/oids.ts';
import type { PdfView } from '../pdf/document.ts';
import { PdfError } from '../pdf/errors.ts';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { type Crl, parseCrl } from '../pki/crl.ts';
import type { Effort } from '../pki/effort.ts';
import { PkiError } from '../pki/errors.ts';
import type { SignatureFacts } from './signature-facts.ts';

/** Certificates and CRLs a file brings along. They prove themselves by their signatures, whoever put them there. */
export interface Evidence {
  readonly certificates: readonly Certificate[];
  readonly crls: readonly Crl[];
}

/** Reading that many CRLs costs as much as checking a signature. */
const CRLS_PER_CHECK = 2;

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
      crls: streams('CRLs').flatMap((der) => readable(() => parseCrl(der))),
    };
  } catch (error) {
    if (error instanceof PdfError) return { certificates: [], crls: [] };
    throw error;
  }
}

/** CRLs inside the CMS: in SignedData (RFC 5652 10.2.1) and in Adobe's signed attribute (ISO 32000-2 12.8.3.3.2). */
export function signatureCrls({ signedData, signer }: SignatureFacts, effort: Effort): readonly Crl[] {
  const adobe = signer?.signedAttributes?.attributes.find(({ oid }) => oid === Oid.adobeRevocation);
  const archived = readable(() => {
    const lists = adobe?.values[0]?.children.find(({ tag }) => tag === 0xa0);
    return (lists?.at(0).children ?? []).map(({ bytes }) => bytes);
  }).flat();
  const ders = [...(signedData?.crls ?? []), ...archived].slice(0, MAX_ITEMS);
  effort.spend(ders.length / CRLS_PER_CHECK);
  return ders.flatMap((der) => readable(() => parseCrl(der)));
}

function readable<T>(read: () => T): readonly T[] {
  try {
    return [read()];
  } catch (error) {
    if (error instanceof PkiError || error instanceof Asn1Error) return [];
    throw error;
  }
}
