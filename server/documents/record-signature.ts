import type { Actor } from '../platform/route.ts';
import type { SignedPdf } from '../signing/finish-signature.ts';
import { workflowEvents, write } from './change.ts';
import type { Content } from './compose-content.ts';
import type { ContentVersion, DocumentRecord, DocumentSignature } from './document-record.ts';
import { keepSigned } from './keep-signed.ts';
import type { DocumentServices } from './services.ts';
import type { SigningAttempt } from './signing-attempt.ts';
import type { SigningStep } from './signing-step.ts';

/**
 * Takes a signature into the document and moves it on. The PDF is a blob before anything refers to it; signature, state and
 * the use of the certificate are then one write.
 * @throws StorageError `storage.conflict`, `storage.full`
 */
export async function recordSignature(
  deps: DocumentServices,
  actor: Actor,
  attempt: SigningAttempt,
  done: {
    readonly at: SigningStep;
    readonly content: Content;
    readonly signed: SignedPdf;
    readonly requestId: string | undefined;
  },
): Promise<DocumentRecord> {
  const { at, content, signed, requestId } = done;
  const { document, visit } = at;
  const { sha256, size } = await keepSigned(deps, content.bytes, signed);
  const made = { made: 'signed', at: signed.signingTime.toISOString(), by: actor.accountId } as const;
  const version: ContentVersion = { sha256, size, ...made };
  return write(deps, actor, {
    document,
    set: {
      workflow: at.workflow,
      content: [...document.content, version],
      contentStale: false,
      places: content.places,
      signatures: [...document.signatures, signatureOf(actor, at, signed)],
    },
    events: [
      attempt.event('signed', { content: version.sha256, field: signed.field, visit }),
      ...workflowEvents(deps, document.id, at.events),
    ],
    requestId,
  });
}

const signatureOf = (
  actor: Actor,
  { step, visit }: SigningStep,
  { field, fingerprint, level, signingTime }: SignedPdf,
): DocumentSignature => ({
  ...{ field, level, visit },
  kind: step.certificate,
  certificate: fingerprint,
  by: actor.accountId,
  at: signingTime.toISOString(),
});
