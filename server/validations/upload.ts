import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs';
import type { Request } from 'express';
import multer from 'multer';
import type { AnyRoute } from '../platform/route.ts';
import type { Limits } from '../platform/services.ts';
import { VerificationError } from '../verification/errors.ts';
import { UploadForm } from './schema.ts';
import type { UploadedPdf } from './verify-upload.ts';

/** The file to judge, streamed to where uploads rest; the HTTP face removes it when the answer is sent. */
export function pdfUpload({ temporaryFolder, uploadBytes }: Limits): NonNullable<AnyRoute['upload']> {
  const storage = multer.diskStorage({
    destination: (_req, _file, done) =>
      mkdir(temporaryFolder, { recursive: true, mode: 0o700 }, (error) => done(error, temporaryFolder)),
    filename: (_req, _file, done) => done(null, randomUUID()),
  });
  const limits = { files: 1, fields: 4, parts: 5, fieldSize: 1024, headerPairs: 50, fileSize: uploadBytes };
  return {
    middleware: multer({ storage, limits, defParamCharset: 'utf8' }).single('file'),
    schema: UploadForm,
  };
}

/** @throws VerificationError `verification.file_missing` */
export function uploadedPdf({ file }: Request): UploadedPdf {
  if (!file) throw new VerificationError('verification.file_missing', 'no part named file');
  return { path: file.path, name: file.originalname };
}
