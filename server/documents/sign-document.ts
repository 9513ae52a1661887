import type { Actor } from '../platform/route.ts';
import type { OpenKey } from '../signing/key-store.ts';
import type { MeteredKeyProvider } from '../signing/metered-key-provider.ts';
import { signPdf } from '../signing/sign-pdf.ts';
import { once } from './change.ts';
import { chooseCertificate } from './choose-certificate.ts';
import { contentOf } from './compose-content.ts';
import type { DocumentRecord } from './document-record.ts';
import { recordSignature } from './record-signature.ts';
import type { DocumentServices } from './services.ts';
import { SigningAttempt } from './signing-attempt.ts';
import { signingLevel } from './signing-level.ts';
import { documentTerms, type SignatureWish, signingStep, usageContextOf } from './signing-step.ts';

export interface SignDocument extends SignatureWish {
  readonly visit: string;
  readonly pin: string;
  /** Id in the register; may be left out when only one certificate fits. */
  readonly certificate?: string;
}

/**
 * Signs the document's PDF and moves it on. What is refused or fails leaves the document as it was, and is counted as well.
 *
 * @throws WorkflowError `workflow.*`; DocumentsError `documents.seal_before_signature`, `documents.wrong_certificate`,
 * `documents.certificate_not_yours`, `documents.not_composable`; SigningError `signing.*`; PdfError; StorageError
 */
export const signDocument = (
  deps: DocumentServices,
  actor: Actor,
  id: string,
  input: SignDocument,
  requestId?: string,
): Promise<DocumentRecord> =>
  signWithKey(
    deps,
    actor,
    id,
    { ...input, open: (key, how) => deps.keys.open(key, input.pin, how) },
    requestId,
  );

export interface SignWithKey extends Omit<SignDocument, 'pin'> {
  /** Opens the key of that id in the key store. */
  readonly open: (keyId: string, how: OpenKey) => Promise<MeteredKeyProvider>;
}

/** {@link signDocument} with a key that is opened otherwise: one that serves many documents. */
export function signWithKey(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  input: SignWithKey,
  requestId?: string,
): Promise<DocumentRecord> {
  const attempt = new SigningAttempt(deps, actor, id);
  return attempt.counted(() =>
    once(deps, actor, id, requestId, async (document) => {
      const at = signingStep(deps, actor, document, input.visit);
      const certificate = await chooseCertificate(deps, actor, at.step.certificate, input.certificate);
      const before = await contentOf(deps, document);
      const { terms, content } = await documentTerms(deps, at, before, certificate, input);
      const level = await signingLevel(deps);
      const context = usageContextOf(at, 'server');
      const provider = await input.open(certificate.keyId, { sink: attempt, context });
      const signed = await signPdf({ ...terms, ...level, provider }).finally(() => provider.close());
      return recordSignature(deps, actor, attempt, { at, content, signed, requestId });
    }),
  );
}
