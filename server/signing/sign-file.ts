import { type FileSource, fileSource } from '../platform/file-source.ts';
import { SigningError } from './errors.ts';
import type { SignedPdf } from './finish-signature.ts';
import { type SignPdfOptions, signPdf } from './sign-pdf.ts';
import { type FileSystem, writeSignedFile } from './write-signed-file.ts';

/**
 * Signs a file into another (or into itself): the document is read in windows, so memory does not grow with it. Nothing
 * is left at `output` when it fails. The attempt is counted before the file is written: a use of the key is a use, also
 * when the disk is full.
 * @throws SigningError `signing.source_missing`, `signing.disk_full`, `signing.write_failed`; as {@link signPdf}
 */
export async function signFile(
  input: string,
  output: string,
  options: Omit<SignPdfOptions, 'source'>,
  files?: FileSystem,
): Promise<SignedPdf> {
  const source = openSource(input);
  try {
    const signed = await signPdf({ ...options, source });
    await writeSignedFile(output, source, signed.appended, files);
    return signed;
  } finally {
    source.close();
  }
}

/**
 * The file, whose read errors (a folder, a failing disk, a file cut meanwhile) have a code.
 * @throws SigningError `signing.source_missing`, here and while it is read
 */
export function openSource(path: string): FileSource {
  const source = readable(() => fileSource(path));
  return {
    length: source.length,
    read: (start, end) => readable(() => source.read(start, end)),
    readInto: (target, start) => readable(() => source.readInto(target, start)),
    close: () => source.close(),
  };
}

function readable<T>(attempt: () => T): T {
  try {
    return attempt();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new SigningError('signing.source_missing', `cannot be read (${code ?? 'cut short'})`, { cause });
  }
}
