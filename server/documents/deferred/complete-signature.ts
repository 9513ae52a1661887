import { bytesSource } from '../../pdf/byte-source.ts';
import type { Actor } from '../../platform/route.ts';
import { completeDeferred } from '../../signing/deferred/complete-deferred.ts';
import { SigningError } from '../../signing/errors.ts';
import { once } from '../change.ts';
import { checkHeld } from '../choose-certificate.ts';
import type { DocumentRecord } from '../document-record.ts';
import { DocumentsError } from '../errors.ts';
import { readBlob } from '../read-blob.ts';
import { recordSignature } from '../record-signature.ts';
import type { DocumentServices } from '../services.ts';
import { SigningAttempt } from '../signing-attempt.ts';
import { signingLevel } from '../signing-level.ts';
import { signingStep, usageContextOf } from '../signing-step.ts';
import { basisOf, type WaitingSignature, waitingSignature } from './waiting-signature.ts';

/** Wrong values after which a signature has to be prepared anew. */
const MAX_REFUSALS = 5;
/** Refusals that are the value's fault: an authority that gives no time stamp, say, spends nothing. */
const WRONG: readonly unknown[] = ['signing.wrong_value', 'signing.value_unreadable'];

export interface CompleteSignature {
  readonly visit: string;
  /** Id of the preparation. */
  readonly preparation: string;
  /** The value in base64 or hexadecimal. */
  readonly signature: string;
}

/**
 * Takes the value of a prepared signature and signs the document with it, as `signDocument` would now: whoever prepared it
 * must still hold the task, the certificate still be theirs and good, the document be what it was. Once only.
 *
 * @throws as `signDocument`; DocumentsError `documents.no_such_preparation`, `documents.changed_since_prepared`,
 * `documents.preparation_spent`; SigningError `signing.deferred_completed`, `signing.deferred_expired`,
 * `signing.wrong_value`, `signing.value_unreadable`
 */
export function completeSignature(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  input: CompleteSignature,
  requestId?: string,
): Promise<DocumentRecord> {
  const attempt = new SigningAttempt(deps, actor, id, { preparation: input.preparation });
  return attempt.counted(() =>
    once(deps, actor, id, requestId, async (document) => {
      const { visit, preparation } = input;
      const waiting = await waitingSignature(deps, actor, preparation, { documentId: id, visit });
      checkOpen(document, waiting);
      const at = signingStep(deps, actor, document, visit);
      await checkHeld(deps, actor, at.step.certificate, waiting.certificate);
      const bytes = await readBlob(deps.store.blobs, waiting.source);
      const signed = await completeDeferred({
        ...(await deps.signingTrust()),
        ...(await signingLevel(deps)),
        state: waiting.state,
        value: Buffer.from(input.signature, 'latin1'),
        source: bytesSource(bytes),
        clock: deps.clock,
        gate: deps.gate,
        sink: attempt,
        context: usageContextOf(at, 'deferred'),
      });
      const content = { bytes, places: waiting.places };
      return recordSignature(deps, actor, attempt, { at, content, signed, requestId });
    }),
  );
}

/** What became of earlier attempts stands in the document's own history. */
function checkOpen(document: DocumentRecord, waiting: WaitingSignature): void {
  const attempts = document.history.filter(({ data }) => data.preparation === waiting.id);
  if (attempts.some(({ type }) => type === 'document.signed')) {
    throw new SigningError('signing.deferred_completed', 'completed before');
  }
  if (attempts.filter(({ data }) => WRONG.includes(data.code)).length >= MAX_REFUSALS) {
    throw new DocumentsError('documents.preparation_spent', `${MAX_REFUSALS} values were refused`);
  }
  if (basisOf(document) !== waiting.basis) {
    throw new DocumentsError('documents.changed_since_prepared', 'another content than the prepared one');
  }
}
