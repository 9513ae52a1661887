import { type AugmentedPdf, type AugmentOptions, augmentPdf } from './augment-pdf.ts';
import { openSource } from './sign-file.ts';
import { type FileSystem, writeSignedFile } from './write-signed-file.ts';

/**
 * Raises the signatures of a file into another (or into itself); `output` appears whole or not at all, also when there was
 * nothing to do.
 * @throws SigningError `signing.source_missing`, `signing.disk_full`, `signing.write_failed`; as {@link augmentPdf}
 */
export async function augmentFile(
  input: string,
  output: string,
  options: AugmentOptions,
  files?: FileSystem,
): Promise<AugmentedPdf> {
  const source = openSource(input);
  try {
    const augmented = await augmentPdf(source, options);
    await writeSignedFile(output, source, augmented.appended, files);
    return augmented;
  } finally {
    source.close();
  }
}
