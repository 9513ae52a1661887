import { bytesSource, joinedSource, windows } from '../pdf/byte-source.ts';
import type { Actor } from '../platform/route.ts';
import type { SignedPdf } from '../signing/finish-signature.ts';
import { signPdf } from '../signing/sign-pdf.ts';
import type { Step } from '../workflow/definition.ts';
import { advanced, once, stepAt, workflowEvents, write } from './change.ts';
import { chooseCertificate, type UsableCertificate } from './choose-certificate.ts';
import { type Content, contentOf } from './compose-content.ts';
import type { ContentVersion, DocumentRecord, DocumentSignature } from './document-record.ts';
import { DocumentsError } from './errors.ts';
import { mustNotBeReleased } from './policy.ts';
import type { DocumentServices } from './services.ts';
import { SigningAttempt } from './signing-attempt.ts';
import { nextField, visibleSignature } from './visible-signature.ts';

type SignStep = Extract<Step, { kind: 'sign' }>;

export interface SignDocument {
  readonly visit: string;
  readonly pin: string;
  /** Id in the register; may be left out when only one certificate fits. */
  readonly certificate?: string;
  readonly reason?: string;
  readonly rsa?: 'pss' | 'pkcs1';
}

/**
 * Signs the document's PDF and moves it on. The PDF is a blob before anything refers to it; signature, state and the use of
 * the certificate are then one write. What is refused or fails leaves the document as it was, and is counted as well.
 *
 * @throws WorkflowError `workflow.*`; DocumentsError `documents.seal_before_signature`, `documents.wrong_certificate`,
 * `documents.certificate_not_yours`, `documents.not_composable`; SigningError `signing.*`; PdfError; StorageError
 */
export function signDocument(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  input: SignDocument,
  requestId?: string,
): Promise<DocumentRecord> {
  const attempt = new SigningAttempt(deps, actor, id);
  return attempt.counted(() =>
    once(deps, actor, id, requestId, async (document) => {
      mustNotBeReleased(document);
      const moved = advanced(deps, actor, document, { type: 'complete', visit: input.visit, act: 'sign' });
      const step = stepAt(document, input.visit, 'sign');
      checkOrder(document, step.certificate);
      const certificate = await chooseCertificate(deps, actor, step.certificate, input.certificate);
      const content = await contentOf(deps, document);
      const signed = await sign(deps, attempt, { document, step, input, certificate, content });
      const version = await keep(deps, actor, content.bytes, signed);
      return write(deps, actor, {
        document,
        set: {
          workflow: moved.workflow,
          content: [...document.content, version],
          contentStale: false,
          places: content.places,
          signatures: [...document.signatures, signatureOf(actor, step, input, signed)],
        },
        events: [
          attempt.event('signed', { content: version.sha256, field: signed.field, visit: input.visit }),
          ...workflowEvents(deps, id, moved.events),
        ],
        requestId,
      });
    }),
  );
}

/** Decree 30/2020 article 32.2.d: the seal only on what the competent person has signed. */
function checkOrder({ signatures }: DocumentRecord, kind: DocumentSignature['kind']): void {
  if (kind === 'organization' && !signatures.some((signature) => signature.kind === 'personal')) {
    throw new DocumentsError('documents.seal_before_signature', 'no personal signature yet');
  }
}

interface Work {
  readonly document: DocumentRecord;
  readonly step: SignStep;
  readonly input: SignDocument;
  readonly certificate: UsableCertificate;
  readonly content: Content;
}

async function sign(
  deps: DocumentServices,
  attempt: SigningAttempt,
  { document, step, input, certificate, content }: Work,
): Promise<SignedPdf> {
  const { signatures, definition } = document;
  const trust = await deps.signingTrust();
  const place = (await deps.people.agency(document.agencyId))?.place;
  const provider = await deps.keys.open(certificate.keyId, input.pin, {
    sink: attempt,
    context: {
      channel: 'server',
      agencyId: document.agencyId,
      documentId: document.id,
      process: definition.code,
      step: document.workflow.visits.find(({ id }) => id === input.visit)?.step ?? '',
    },
  });
  const kind = step.certificate;
  const field = nextField(kind, signatures);
  const visible = step.appearance === 'none' ? undefined : visibleSignature(kind, field, content.places);
  return signPdf({
    ...trust,
    source: bytesSource(content.bytes),
    provider,
    clock: deps.clock,
    gate: deps.gate,
    field,
    reason: input.reason ?? step.title.vi,
    ...(place !== undefined && { location: place }),
    ...(input.rsa !== undefined && { rsa: input.rsa }),
    ...(visible !== undefined && { visible }),
    // The agency's field brings its own lock of number and date. Whoever signs first certifies: filling the number and signing stay permitted, nothing else (ISO 32000-2 12.8.2.2).
    ...(signatures.length === 0 && { docMdp: 2 as const }),
  });
}

async function keep(
  deps: DocumentServices,
  actor: Actor,
  bytes: Uint8Array,
  { appended, signingTime }: SignedPdf,
): Promise<ContentVersion> {
  const file = joinedSource(bytesSource(bytes), appended);
  const { sha256, size } = await deps.store.blobs.put(stream(windows(file)));
  return { sha256, size, made: 'signed', at: signingTime.toISOString(), by: actor.accountId };
}

async function* stream(parts: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* parts;
}

const signatureOf = (
  actor: Actor,
  step: SignStep,
  { visit }: SignDocument,
  { field, fingerprint, level, signingTime }: SignedPdf,
): DocumentSignature => ({
  ...{ field, level, visit },
  kind: step.certificate,
  certificate: fingerprint,
  by: actor.accountId,
  at: signingTime.toISOString(),
});
