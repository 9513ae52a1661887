import { mediaTypes } from '../composition/images/image.ts';
import { readImage } from '../composition/images/read-image.ts';
import type { Actor } from '../platform/route.ts';
import type { Download } from '../platform/send-download.ts';
import { CertificatesError } from './errors.ts';
import { getCertificate } from './get-certificate.ts';
import { mustChangeImage } from './policy.ts';
import {
  type CertificateEntry,
  type CertificatesDeps,
  certificateEvent,
  certificateRegister,
  type HolderImage,
} from './register.ts';

/** Bytes of a stored picture: a seal at 600 dots an inch has a tenth of it. */
export const maxStoredBytes = 256 * 1024;
/** And its pixels: it is unpacked while somebody waits to sign. */
const maxStoredPixels = 1_000_000;

export interface ImageFile {
  readonly bytes: Uint8Array;
  /** Millimetres, when the file does not say how wide the thing itself is, or says it wrongly. */
  readonly width?: number;
}

/**
 * Keeps the picture of a signature or a seal with its certificate, in the place of the one before. It is read whole
 * first; what cannot be shown is not kept.
 * @throws CertificatesError `certificates.not_found`, `certificates.forbidden`, `certificates.revoked`,
 * `certificates.image_too_large`; CompositionError `composition.image_*`; StorageError `storage.conflict`
 */
export async function storeImage(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
  { bytes, width }: ImageFile,
): Promise<CertificateEntry> {
  const entry = await getCertificate(deps, actor, id);
  await mustChangeImage(deps.people, actor, entry);
  if (entry.state === 'revoked') throw new CertificatesError('certificates.revoked', 'revoked');
  if (bytes.length > maxStoredBytes) throw tooLarge(`${bytes.length} bytes`);
  const { format, aspect, size } = readImage(bytes, undefined, maxStoredPixels);
  const wide = width ?? size?.width;
  const { sha256 } = await deps.store.blobs.put(bytes);
  const image: HolderImage = {
    sha256,
    mediaType: mediaTypes[format],
    ...(wide !== undefined && { width: round(wide), height: round(wide / aspect) }),
  };
  const outbox = [certificateEvent(deps, actor.accountId, 'image_stored', id, { ...image })];
  return (await certificateRegister(deps.store)).replace({ ...entry, image, outbox });
}

/** @throws CertificatesError `certificates.not_found`, `certificates.forbidden`, `certificates.no_image` */
export async function removeImage(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
): Promise<CertificateEntry> {
  const entry = await getCertificate(deps, actor, id);
  await mustChangeImage(deps.people, actor, entry);
  const { image, ...rest } = entry;
  if (image === undefined) throw noImage();
  const outbox = [certificateEvent(deps, actor.accountId, 'image_removed', id, { sha256: image.sha256 })];
  return (await certificateRegister(deps.store)).replace({ ...rest, outbox });
}

/**
 * The picture itself: only for those who may change it, since whoever has it can draw a signature.
 * @throws CertificatesError as {@link removeImage}
 */
export async function downloadImage(deps: CertificatesDeps, actor: Actor, id: string): Promise<Download> {
  const { image, ...entry } = await getCertificate(deps, actor, id);
  await mustChangeImage(deps.people, actor, entry);
  const { blobs } = deps.store;
  const info = image && (await blobs.stat(image.sha256));
  if (!info) throw noImage();
  const { sha256, mediaType } = image;
  const name = `${entry.holderName}.${mediaType.replace(/^image\/|\+xml$/g, '')}`;
  return { name, mediaType, sha256, size: info.size, open: (range) => blobs.read(sha256, range) };
}

const round = (millimetres: number): number => Math.round(millimetres * 100) / 100;

const noImage = (): CertificatesError => new CertificatesError('certificates.no_image', 'no picture');

const tooLarge = (what: string): CertificatesError =>
  new CertificatesError('certificates.image_too_large', what, {
    details: { maxBytes: maxStoredBytes },
  });
