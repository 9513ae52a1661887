import type { Request } from 'express';
import type { UploadedFile } from './attach-file.ts';
import { DocumentsError } from './errors.ts';

/** @throws DocumentsError `documents.file_missing` */
export function uploadedFile({ file }: Request): UploadedFile {
  if (file === undefined) throw new DocumentsError('documents.file_missing', 'no part named file');
  return { path: file.path, name: file.originalname, mediaType: file.mimetype };
}
