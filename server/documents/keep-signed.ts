import { bytesSource, joinedSource, windows } from '../pdf/byte-source.ts';
import type { SignedPdf } from '../signing/finish-signature.ts';
import type { BlobInfo } from '../storage/ports.ts';
import type { DocumentServices } from './services.ts';

/** Source and signature as one blob. @throws StorageError `storage.full` */
export function keepSigned(
  { store }: Pick<DocumentServices, 'store'>,
  source: Uint8Array,
  { appended }: Pick<SignedPdf, 'appended'>,
): Promise<BlobInfo> {
  return store.blobs.put(stream(windows(joinedSource(bytesSource(source), appended))));
}

async function* stream(parts: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* parts;
}
