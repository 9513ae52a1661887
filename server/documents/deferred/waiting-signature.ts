import { createHash } from 'node:crypto';
import { canonicalJson } from '../../json/canonical-json.ts';
import type { Actor } from '../../platform/route.ts';
import type { ToSign } from '../../signing/deferred/prepare-deferred.ts';
import { base64, type DeferredState } from '../../signing/deferred/state.ts';
import type { Aggregate, CollectionSpec } from '../../storage/ports.ts';
import type { ContentPlaces, DocumentRecord } from '../document-record.ts';
import { DocumentsError } from '../errors.ts';
import type { DocumentServices } from '../services.ts';

/** A signature at a step of a document whose value is still to come. Never changed: what completes it is the document. */
export interface WaitingSignature extends Aggregate {
  readonly documentId: string;
  readonly visit: string;
  /** Who prepared it and alone may complete it. */
  readonly account: string;
  /** Digest of what the signature stands on; another one later means that the document has changed. */
  readonly basis: string;
  /** SHA-256 of the PDF it was prepared for, a blob. */
  readonly source: string;
  readonly places: ContentPlaces;
  /** SHA-256 of the signer's. */
  readonly certificate: string;
  readonly state: DeferredState;
  readonly toSign: { readonly toBeSigned: string; readonly digest?: string };
  readonly field: string;
  readonly expiresAt: string;
}

export const waitingSignatures: CollectionSpec = {
  name: 'waiting_signatures',
  indexes: {
    account: { fields: ['account', 'expiresAt'] },
    expiry: { fields: ['expiresAt'] },
  },
};

/** What somebody else prepared does not exist. @throws DocumentsError `documents.no_such_preparation` */
export async function waitingSignature(
  { waiting }: Pick<DocumentServices, 'waiting'>,
  actor: Actor,
  id: string,
  at: { readonly documentId: string; readonly visit: string },
): Promise<WaitingSignature> {
  const found = await waiting.get(id);
  const isTheirs = found?.account === actor.accountId;
  if (!found || !isTheirs || found.documentId !== at.documentId || found.visit !== at.visit) {
    throw new DocumentsError('documents.no_such_preparation', `no prepared signature ${id}`);
  }
  return found;
}

/** Comments and refused attempts change a document, too, but nothing a signature stands on. */
export function basisOf({
  fields,
  content,
  contentStale = false,
  signatures,
  numbering,
}: DocumentRecord): string {
  const last = content.at(-1)?.sha256 ?? null;
  const facts = { fields, content: last, contentStale, signatures, numbering: numbering ?? null };
  return createHash('sha256').update(canonicalJson(facts)).digest('hex');
}

export const told = ({ toBeSigned, digest }: ToSign): WaitingSignature['toSign'] => ({
  toBeSigned: base64(toBeSigned),
  ...(digest && { digest: base64(digest) }),
});
