import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs';
import multer from 'multer';
import { Type } from 'typebox';
import type { AnyRoute } from './route.ts';
import type { Limits } from './services.ts';

const UploadForm = Type.Object({ file: Type.String({ format: 'binary' }) });

/**
 * One file in the part `file` of multipart/form-data, streamed under a name of ours to where uploads rest; the HTTP face
 * removes it when the answer is sent.
 */
export function oneFile({ temporaryFolder, uploadBytes }: Limits): NonNullable<AnyRoute['upload']> {
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
