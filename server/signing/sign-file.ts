import { type FileSource, fileSource } from '../platform/file-source.ts';
import { SigningError } from './errors.ts';
import type { SignedPdf } from './finish-signature.ts';
import { type SignPdfOptions, signPdf } from './sign-pdf.ts';
import { type FileSystem, finishOutput, OutputFile } from './write-signed-file.ts';

/**
 * Signs a file into another (or into itself): the document is read once, in windows, so memory does not grow with it, and
 * each is written while it is hashed. Nothing is left at `output` when it fails. The attempt is counted before the file
 * is complete: a use of the key is a use, also when the disk is full then.
 * @throws SigningError `signing.source_missing`, `signing.disk_full`, `signing.write_failed`; as {@link signPdf}
 */
export async function signFile(
  input: string,
  output: string,
  options: Omit<SignPdfOptions, 'source'>,
  files?: FileSystem,
): Promise<SignedPdf> {
  const source = openSource(input);
  const written = new OutputFile(output, files);
  try {
    const copy = (window: Uint8Array): Promise<void> => written.write(window);
    const signed = await signPdf({ ...options, source, copy });
    await finishOutput(written, source, signed.appended);
    return signed;
  } catch (error) {
    await written.discard();
    throw error;
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
