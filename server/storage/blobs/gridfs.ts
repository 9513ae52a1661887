import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import mongoose, { type Connection } from 'mongoose';
import type { Clock } from '../../platform/clock.ts';
import type { Models } from '../mongo/models.ts';
import { translated, translateError } from '../mongo/translate-error.ts';
import type { BlobInfo, BlobStore } from '../ports.ts';
import { checkRange, isSha256, missing, pieces } from './content.ts';

const BUCKET = 'blobs';
/** No upload takes a day: what is older was left by a process that died. */
const STALE_MS = 24 * 60 * 60 * 1000;

/** Files in GridFS, `filename` being the SHA-256; what a killed process left half done is removed first. */
export async function openGridFsBlobs(
  connection: Connection,
  uploads: Models['uploads'],
  clock: Clock,
): Promise<BlobStore> {
  if (connection.db === undefined) throw new TypeError('the connection is not open');
  const blobs = new GridFsBlobs(
    new mongoose.mongo.GridFSBucket(connection.db, { bucketName: BUCKET }),
    uploads,
    clock,
  );
  await translated(() => blobs.removeStale(connection));
  return blobs;
}

class GridFsBlobs implements BlobStore {
  readonly #bucket: mongoose.mongo.GridFSBucket;
  readonly #uploads: Models['uploads'];
  readonly #clock: Clock;

  constructor(bucket: mongoose.mongo.GridFSBucket, uploads: Models['uploads'], clock: Clock) {
    this.#bucket = bucket;
    this.#uploads = uploads;
    this.#clock = clock;
  }

  /**
   * GridFS writes the chunks first and the file's own document last: until then nothing is to be seen, and by then
   * the hash is known, which is its name.
   */
  async put(
    content: AsyncIterable<Uint8Array> | Uint8Array,
    options: { maxBytes?: number } = {},
  ): Promise<BlobInfo> {
    const upload = this.#bucket.openUploadStream('');
    upload.on('error', () => {});
    try {
      await this.#uploads.insertMany([{ _id: upload.id, started: this.#clock.now() }], { lean: true });
      const info = await fill(upload, content, options.maxBytes);
      if ((await this.stat(info.sha256)) === undefined) {
        upload.filename = info.sha256;
        upload.end();
        await finished(upload);
      } else {
        await upload.abort();
      }
      await this.#uploads.deleteOne({ _id: upload.id });
      return info;
    } catch (error) {
      await this.#discard(upload);
      throw translateError(error);
    }
  }

  async stat(sha256: string): Promise<BlobInfo | undefined> {
    const file = await this.#file(sha256);
    return file && { sha256, size: file.length };
  }

  async read(sha256: string, range?: { start: number; end: number }): Promise<Readable> {
    const file = await this.#file(sha256);
    if (file === undefined) throw missing(sha256);
    const { start, end } = checkRange({ sha256, size: file.length }, range);
    return start === end ? Readable.from([]) : this.#bucket.openDownloadStream(file._id, { start, end });
  }

  async removeStale(connection: Connection): Promise<void> {
    const before = new Date(this.#clock.now().getTime() - STALE_MS);
    for (const { _id } of await this.#uploads.find({ started: { $lt: before } }).lean()) {
      const complete = await connection.collection(`${BUCKET}.files`).findOne({ _id });
      if (complete === null) await connection.collection(`${BUCKET}.chunks`).deleteMany({ files_id: _id });
      await this.#uploads.deleteOne({ _id });
    }
  }

  /** Two uploads of one content at the same time leave two files; either of them is the blob. */
  async #file(sha256: string): Promise<mongoose.mongo.GridFSFile | undefined> {
    if (!isSha256(sha256)) return undefined;
    const [file] = await translated(() => this.#bucket.find({ filename: sha256 }).limit(1).toArray());
    return file;
  }

  /** When the server cannot be reached for this either, the next start after a day does it. */
  async #discard(upload: mongoose.mongo.GridFSBucketWriteStream): Promise<void> {
    try {
      await upload.abort();
      await this.#uploads.deleteOne({ _id: upload.id });
    } catch {
      upload.destroy();
    }
  }
}

async function fill(
  upload: mongoose.mongo.GridFSBucketWriteStream,
  content: AsyncIterable<Uint8Array> | Uint8Array,
  maxBytes?: number,
): Promise<BlobInfo> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of pieces(content, maxBytes)) {
    hash.update(piece);
    size += piece.length;
    await new Promise<void>((resolve, reject) => {
      upload.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  }
  return { sha256: hash.digest('hex'), size };
}
