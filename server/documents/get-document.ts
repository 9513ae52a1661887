import type { Actor } from '../platform/route.ts';
import type { Download } from '../platform/send-download.ts';
import { load } from './change.ts';
import { composeContent, currentContent } from './compose-content.ts';
import type { AttachedFile, ContentVersion, DocumentRecord } from './document-record.ts';
import { DocumentsError } from './errors.ts';
import { readBlob } from './read-blob.ts';
import type { DocumentServices } from './services.ts';

/** @throws DocumentsError `documents.not_found`, also for what the actor may not see. */
export const getDocument = (deps: DocumentServices, actor: Actor, id: string): Promise<DocumentRecord> =>
  load(deps, actor, id);

/**
 * The PDF that counts, or an earlier one by its digest.
 * @throws DocumentsError `documents.no_content`
 */
export async function downloadContent(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  sha256?: string,
): Promise<Download> {
  const document = await load(deps, actor, id);
  const found: ContentVersion | undefined =
    sha256 === undefined ? currentContent(document) : document.content.find((one) => one.sha256 === sha256);
  if (found === undefined) throw new DocumentsError('documents.no_content', 'no such PDF');
  const name = `${(document.numbering?.text ?? document.id).replaceAll('/', '-')}.pdf`;
  return download(deps, { ...found, name, mediaType: 'application/pdf' });
}

/** An attached file. @throws DocumentsError `documents.not_found` */
export async function downloadFile(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  fileId: string,
): Promise<Download> {
  const { files } = await load(deps, actor, id);
  const found = files.find((file) => file.id === fileId);
  if (found === undefined) throw new DocumentsError('documents.not_found', `no file ${fileId}`);
  return download(deps, found);
}

/** The PDF as it would be composed now; nothing is kept. The one that counts, when there is one. */
export async function previewDocument(deps: DocumentServices, actor: Actor, id: string): Promise<Uint8Array> {
  const document = await load(deps, actor, id);
  const current = currentContent(document);
  if (current !== undefined) return readBlob(deps.store.blobs, current.sha256);
  return (await composeContent(deps, document)).bytes;
}

const download = (
  deps: DocumentServices,
  { name, mediaType, size, sha256 }: Pick<AttachedFile, 'name' | 'mediaType' | 'size' | 'sha256'>,
): Download => ({ name, mediaType, size, sha256, open: (range) => deps.store.blobs.read(sha256, range) });
