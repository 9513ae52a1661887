import { bytesSource } from '../pdf/byte-source.ts';
import type { Actor } from '../platform/route.ts';
import type { RegisteredCertificate } from '../platform/services.ts';
import type { SignatureTerms } from '../signing/begin-signature.ts';
import type { UsageContext } from '../signing/usage-meter.ts';
import type { Step } from '../workflow/definition.ts';
import type { WorkflowEvent, WorkflowInstance } from '../workflow/instance.ts';
import { advanced, stepAt } from './change.ts';
import type { Content } from './compose-content.ts';
import type { DocumentRecord, DocumentSignature } from './document-record.ts';
import { DocumentsError } from './errors.ts';
import { holderImage } from './holder-image.ts';
import { mustNotBeReleased } from './policy.ts';
import type { DocumentServices } from './services.ts';
import { nextField, visibleSignature } from './visible-signature.ts';

/** A document at the step where it is to be signed, and what the signature would make of it. */
export interface SigningStep {
  readonly document: DocumentRecord;
  readonly visit: string;
  readonly step: Extract<Step, { kind: 'sign' }>;
  readonly workflow: WorkflowInstance;
  readonly events: readonly WorkflowEvent[];
}

/**
 * Whether the actor may sign the document now.
 * @throws WorkflowError `workflow.*`; DocumentsError `documents.released`, `documents.seal_before_signature`
 */
export function signingStep(
  deps: DocumentServices,
  actor: Actor,
  document: DocumentRecord,
  visit: string,
): SigningStep {
  mustNotBeReleased(document);
  const moved = advanced(deps, actor, document, { type: 'complete', visit, act: 'sign' });
  const step = stepAt(document, visit, 'sign');
  checkOrder(document, step.certificate);
  return { document, visit, step, ...moved };
}

/** Decree 30/2020 article 32.2.d: the seal only on what the competent person has signed. */
function checkOrder({ signatures }: DocumentRecord, kind: DocumentSignature['kind']): void {
  if (kind === 'organization' && !signatures.some((signature) => signature.kind === 'personal')) {
    throw new DocumentsError('documents.seal_before_signature', 'no personal signature yet');
  }
}

/** What the caller may wish of a signature; the rest follows from the document and its step. */
export interface SignatureWish {
  readonly reason?: string;
  readonly rsa?: 'pss' | 'pkcs1';
}

/**
 * All of the signature but its key, and the content with the place of its picture.
 * @throws CompositionError `composition.*` when the picture kept with the certificate cannot be shown
 */
export async function documentTerms(
  deps: DocumentServices,
  { document, step }: SigningStep,
  content: Content,
  certificate: RegisteredCertificate,
  { reason = step.title.vi, rsa }: SignatureWish,
): Promise<{ terms: SignatureTerms; content: Content }> {
  const { signatures, agencyId, fields } = document;
  const trust = await deps.signingTrust();
  const agency = await deps.people.agency(agencyId);
  const kind = step.certificate;
  const field = nextField(kind, signatures);
  const { signerPosition: title } = fields;
  const shown = visibleSignature(
    {
      ...{ kind, field },
      profile: step.appearance,
      image: step.appearance === 'none' ? undefined : await holderImage(deps, certificate),
      values: {
        reason,
        agency: agency?.name,
        number: document.numbering?.text,
        ...(kind === 'personal' && typeof title === 'string' && { title }),
      },
    },
    content.places,
  );
  const terms = {
    ...trust,
    source: bytesSource(content.bytes),
    clock: deps.clock,
    gate: deps.gate,
    field,
    reason,
    ...(agency && { location: agency.place }),
    ...(rsa !== undefined && { rsa }),
    ...(shown && { visible: shown.visible }),
    // The agency's field brings its own lock of number and date. Whoever signs first certifies: filling the number and signing stay permitted, nothing else (ISO 32000-2 12.8.2.2).
    ...(signatures.length === 0 && { docMdp: 2 as const }),
  };
  return { terms, content: { ...content, places: shown?.places ?? content.places } };
}

/** Where a use of a certificate for the document belongs. */
export const usageContextOf = (
  { document, visit }: Pick<SigningStep, 'document' | 'visit'>,
  channel: UsageContext['channel'],
): UsageContext => ({
  channel,
  agencyId: document.agencyId,
  documentId: document.id,
  process: document.definition.code,
  step: document.workflow.visits.find(({ id }) => id === visit)?.step ?? '',
});
