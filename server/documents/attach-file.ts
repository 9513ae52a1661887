import { createReadStream } from 'node:fs';
import { withFileSource } from '../platform/file-source.ts';
import type { Actor } from '../platform/route.ts';
import { advanced, once, workflowEvents, write } from './change.ts';
import type { DocumentRecord } from './document-record.ts';
import { DocumentsError } from './errors.ts';
import { cleanFileName, nameWarnings } from './file-name.ts';
import { mayWork, must, mustNotBeReleased } from './policy.ts';
import type { DocumentServices } from './services.ts';
import { sniffFile } from './sniff-file.ts';

export const MAX_FILES = 50;

export interface UploadedFile {
  /** Where the upload rests; whoever made it removes it. */
  readonly path: string;
  readonly name: string;
  readonly mediaType: string;
}

/**
 * Attaches a file. It is judged where it rests and becomes a blob only then, so that nothing is left of what is refused.
 *
 * @throws DocumentsError `documents.file_*`, `documents.too_many_files`, `documents.forbidden`, `documents.released`;
 * StorageError `storage.full`
 */
export function attachFile(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  upload: UploadedFile,
  requestId?: string,
): Promise<DocumentRecord> {
  return once(deps, actor, id, requestId, async (document) => {
    mustNotBeReleased(document);
    must(mayWork(actor, document));
    if (document.files.length >= MAX_FILES) {
      throw new DocumentsError('documents.too_many_files', `${MAX_FILES} files are the limit`, {
        details: { limit: MAX_FILES },
      });
    }
    const name = cleanFileName(upload.name);
    const maxBytes = deps.limits.uploadBytes;
    const mediaType = await withFileSource(upload.path, (source) => {
      if (source.length > maxBytes) {
        throw new DocumentsError('documents.file_too_large', 'over the limit', {
          details: { name, maxBytes },
        });
      }
      return sniffFile(source, name, upload.mediaType);
    });
    const now = deps.clock.now();
    const file = deps.newId(now);
    const { workflow, events } = advanced(deps, actor, document, { type: 'attach', file, name });
    const { sha256, size } = await deps.store.blobs.put(createReadStream(upload.path), { maxBytes });
    const attached = {
      ...{ id: file, name, mediaType, size, sha256 },
      addedBy: actor.accountId,
      addedAt: now.toISOString(),
      warnings: nameWarnings(name),
    };
    return write(deps, actor, {
      document,
      set: { workflow, files: [...document.files, attached] },
      events: workflowEvents(deps, id, events),
      requestId,
    });
  });
}
