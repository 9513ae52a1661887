import { bytesSource } from '../pdf/byte-source.ts';
import type { Actor } from '../platform/route.ts';
import { profileByName } from '../signing/appearance/load-profile.ts';
import { planAppearance } from '../signing/appearance/plan-appearance.ts';
import { textsIn } from '../signing/appearance/warnings.ts';
import type { KeyProvider } from '../signing/key-provider.ts';
import { signPdf } from '../signing/sign-pdf.ts';
import { openVisits } from '../workflow/instance.ts';
import { once, write } from './change.ts';
import { chooseCertificate } from './choose-certificate.ts';
import type { AttachedFile, DocumentRecord } from './document-record.ts';
import { DocumentsError } from './errors.ts';
import { keepSigned } from './keep-signed.ts';
import { mayWork, must, mustNotBeReleased } from './policy.ts';
import { readBlob } from './read-blob.ts';
import type { DocumentServices } from './services.ts';
import { SigningAttempt } from './signing-attempt.ts';
import { usageContextOf } from './signing-step.ts';

export interface SealFile {
  /** Id of the attached file. */
  readonly file: string;
  readonly pin: string;
  /** Id in the register; may be left out when only one certificate fits. */
  readonly certificate?: string;
}

/**
 * Signs an appendix that is a file of its own with the agency's certificate: top right of its first page, without a
 * picture, stand the number of the document and the time (Decree 30/2020, annex I, II.8.b). The file as it was attached stays
 * a blob.
 *
 * @throws DocumentsError `documents.not_found`, `documents.forbidden`, `documents.released`, `documents.not_numbered`,
 * `documents.seal_before_signature`, `documents.file_not_pdf`, `documents.file_sealed`, and those of choosing a certificate;
 * SigningError, PdfError
 */
export function sealFile(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  input: SealFile,
  requestId?: string,
): Promise<DocumentRecord> {
  const attempt = new SigningAttempt(deps, actor, id, { file: input.file });
  return attempt.counted(() =>
    once(deps, actor, id, requestId, async (document) => {
      const { file, number } = sealable(actor, document, input.file);
      const certificate = await chooseCertificate(deps, actor, 'organization', input.certificate);
      const bytes = await readBlob(deps.store.blobs, file.sha256);
      const visit = openVisits(document.workflow)[0]?.id ?? '';
      const context = usageContextOf({ document, visit }, 'server');
      const provider = await deps.keys.open(certificate.keyId, input.pin, { sink: attempt, context });
      const { signed, overText } = await stamp(deps, document, provider, bytes, number).finally(() =>
        provider.close(),
      );
      const { sha256, size } = await keepSigned(deps, bytes, signed);
      const sealed = {
        at: signed.signingTime.toISOString(),
        by: actor.accountId,
        certificate: signed.fingerprint,
        original: file.sha256,
        ...(overText.length > 0 && { overText }),
      };
      return write(deps, actor, {
        document,
        set: {
          files: document.files.map((one) => (one.id === file.id ? { ...one, sha256, size, sealed } : one)),
        },
        events: [attempt.event('file_sealed', { content: sha256, field: signed.field })],
        requestId,
      });
    }),
  );
}

function sealable(
  actor: Actor,
  document: DocumentRecord,
  id: string,
): { file: AttachedFile; number: string } {
  mustNotBeReleased(document);
  must(mayWork(actor, document));
  const file = document.files.find((one) => one.id === id);
  if (file === undefined) throw new DocumentsError('documents.not_found', `no file ${id}`);
  if (file.mediaType !== 'application/pdf')
    throw new DocumentsError('documents.file_not_pdf', file.mediaType);
  if (file.sealed) throw new DocumentsError('documents.file_sealed', 'sealed before');
  if (!document.signatures.some(({ kind }) => kind === 'personal')) {
    throw new DocumentsError('documents.seal_before_signature', 'no personal signature yet');
  }
  const number = document.numbering?.text;
  if (number === undefined) throw new DocumentsError('documents.not_numbered', 'no number yet');
  return { file, number };
}

async function stamp(
  deps: DocumentServices,
  { agencyId }: DocumentRecord,
  provider: KeyProvider,
  bytes: Uint8Array,
  number: string,
) {
  const source = bytesSource(bytes);
  const wish = { profile: profileByName('nd30-attachment'), values: { number } };
  const { visible, warnings } = await planAppearance(wish, { source, certificate: provider.certificate });
  const agency = await deps.people.agency(agencyId);
  const signed = await signPdf({
    ...(await deps.signingTrust()),
    source,
    provider,
    clock: deps.clock,
    gate: deps.gate,
    reason: number,
    ...(agency && { location: agency.place }),
    ...(visible && { visible }),
  });
  return { signed, overText: textsIn(warnings) };
}
