import type { Image } from '../composition/images/image.ts';
import { readImage } from '../composition/images/read-image.ts';
import type { RegisteredCertificate } from '../platform/services.ts';
import { readBlob } from './read-blob.ts';
import type { DocumentServices } from './services.ts';

/** The same few people sign all day: their pictures are unpacked once. */
const MAX_KEPT = 50;
const kept = new Map<string, Image>();

/** The picture that is kept with a certificate; undefined when there is none. @throws StorageError, CompositionError */
export async function holderImage(
  { store }: Pick<DocumentServices, 'store'>,
  { image: stored }: RegisteredCertificate,
): Promise<Image | undefined> {
  if (stored === undefined) return undefined;
  const image = kept.get(stored.sha256) ?? packed(readImage(await readBlob(store.blobs, stored.sha256)));
  kept.delete(stored.sha256);
  kept.set(stored.sha256, image);
  for (const oldest of [...kept.keys()].slice(0, -MAX_KEPT)) kept.delete(oldest);
  if (stored.width === undefined) return image;
  return { ...image, size: { width: stored.width, height: stored.width / image.aspect } };
}

/** Only what goes into a file: the pixels of fifty pictures would be two hundred megabytes. */
function packed(image: Image): Image {
  const xobject = image.xobject();
  return { ...image, xobject: () => xobject };
}
