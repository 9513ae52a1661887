import type { WorkingCalendar } from '../calendar/working-calendar.ts';
import type {
  CertificateDirectory,
  PeopleDirectory,
  ProcessCatalogue,
  Services,
} from '../platform/services.ts';
import type { AugmentOptions } from '../signing/augment-pdf.ts';
import type { CertificateGate } from '../signing/check-certificate.ts';
import type { KeyStore } from '../signing/key-store.ts';
import type { SignPdfOptions } from '../signing/sign-pdf.ts';
import type { Collection } from '../storage/ports.ts';
import { type WaitingSignature, waitingSignatures } from './deferred/waiting-signature.ts';
import { type DocumentRecord, documentCollection } from './document-record.ts';

/** What this feature is given by the wiring: capabilities, and ports of other features. */
export interface DocumentPorts {
  readonly processes: ProcessCatalogue;
  readonly people: PeopleDirectory;
  readonly certificates: CertificateDirectory;
  readonly calendar: WorkingCalendar;
  readonly keys: Pick<KeyStore, 'open'>;
  readonly gate: CertificateGate;
  /** What proves signatures beyond their own day; absent when no time-stamp authority is set up. */
  readonly proofs?: () => Promise<
    Pick<AugmentOptions, 'stamper' | 'revocations' | 'issuerSource' | 'anchors' | 'pool'>
  >;
  /** Authorities and revocation lists to be asked before each signature. */
  readonly signingTrust: () => Promise<Pick<SignPdfOptions, 'crls' | 'issuers'>>;
}

export interface DocumentServices extends Services, DocumentPorts {
  readonly documents: Collection<DocumentRecord>;
  readonly waiting: Collection<WaitingSignature>;
}

/** Declares the collections; the result goes to every verb and to `documentsRoutes`. */
export async function documentServices(services: Services & DocumentPorts): Promise<DocumentServices> {
  const { store } = services;
  return {
    ...services,
    documents: await store.collection<DocumentRecord>(documentCollection),
    waiting: await store.collection<WaitingSignature>(waitingSignatures),
  };
}
