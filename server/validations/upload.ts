import type { Request } from 'express';
import { VerificationError } from '../verification/errors.ts';
import type { UploadedPdf } from './verify-upload.ts';

/** @throws VerificationError `verification.file_missing` */
export function uploadedPdf({ file }: Request): UploadedPdf {
  if (!file) throw new VerificationError('verification.file_missing', 'no part named file');
  return { path: file.path, name: file.originalname };
}
