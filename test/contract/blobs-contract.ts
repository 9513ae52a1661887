import { createHash, randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import type { BlobStore } from '../../server/storage/ports.ts';
import type { Engine, Place } from './engine.ts';
import { expectCode } from './expect-code.ts';

export function describeBlobs(engine: Engine): void {
  describe('the blob store', () => {
    let place: Place;
    let blobs: BlobStore;

    before(async () => {
      place = await engine.makePlace();
      blobs = (await place.open()).blobs;
    });
    after(() => place.remove());

    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const read = async (...args: Parameters<BlobStore['read']>) => buffer(await blobs.read(...args));
    async function* inPieces(bytes: Uint8Array, size = 10_007) {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }

    it('keeps bytes under their SHA-256', async () => {
      const bytes = randomBytes(1000);
      const info = await blobs.put(bytes);
      expect(info).to.deep.equal({ sha256: sha256(bytes), size: 1000 });
      expect(await blobs.stat(info.sha256)).to.deep.equal(info);
      expect((await read(info.sha256)).equals(bytes)).to.equal(true);
    });

    it('keeps a stream of several chunks, and gives any part of it', async () => {
      const bytes = randomBytes(700_001);
      const { sha256: name, size } = await blobs.put(inPieces(bytes));
      expect(size).to.equal(bytes.length);
      for (const [start, end] of [
        [0, bytes.length],
        [0, 1],
        [261_119, 261_121],
        [300_000, 600_000],
        [bytes.length - 1, bytes.length],
        [5, 5],
        [bytes.length, bytes.length + 10],
        [700_000, 999_999],
      ] as const) {
        const part = await read(name, { start, end });
        expect(part.equals(bytes.subarray(start, end)), `${start} to ${end}`).to.equal(true);
      }
    });

    it('keeps an empty blob', async () => {
      const { sha256: name, size } = await blobs.put(new Uint8Array());
      expect(size).to.equal(0);
      expect(await read(name)).to.have.length(0);
    });

    it('keeps the same content once, also when it comes many times at once', async () => {
      const bytes = randomBytes(5000);
      const infos = await Promise.all(Array.from({ length: 5 }, () => blobs.put(inPieces(bytes, 999))));
      expect(new Set(infos.map((info) => info.sha256)).size).to.equal(1);
      expect((await read(sha256(bytes))).equals(bytes)).to.equal(true);
      expect(await place.countHalfBlobs()).to.equal(0);
    });

    it('refuses what is over the limit, as soon as it is, and leaves nothing', async () => {
      const bytes = randomBytes(50_000);
      let asked = 0;
      async function* endless() {
        for (;;) {
          asked += 1;
          yield bytes;
        }
      }
      await expectCode(blobs.put(endless(), { maxBytes: 120_000 }), 'storage.too_large');
      expect(asked).to.equal(3);
      await expectCode(blobs.put(bytes, { maxBytes: 49_999 }), 'storage.too_large');
      expect(await blobs.stat(sha256(bytes))).to.equal(undefined);
      expect(await place.countHalfBlobs()).to.equal(0);
      expect((await blobs.put(bytes, { maxBytes: 50_000 })).size).to.equal(50_000);
    });

    it('leaves nothing of a stream that fails half way', async () => {
      const bytes = randomBytes(400_000);
      async function* broken() {
        yield* inPieces(bytes);
        throw new Error('the connection broke');
      }
      const error = await blobs.put(broken()).catch((reason: unknown) => reason);
      expect(error).to.have.property('message', 'the connection broke');
      expect(await blobs.stat(sha256(bytes))).to.equal(undefined);
      expect(await place.countHalfBlobs()).to.equal(0);
    });

    it('is rid of what a killed process left half done, at the next start', async () => {
      await place.leaveHalfBlob();
      expect(await place.countHalfBlobs()).to.be.greaterThan(0);
      await place.open();
      expect(await place.countHalfBlobs()).to.equal(0);
    });

    it('knows no blob by a name that is no SHA-256', async () => {
      for (const name of ['../../../etc/passwd', '', 'A'.repeat(64), '0'.repeat(64)]) {
        expect(await blobs.stat(name)).to.equal(undefined);
        await expectCode(blobs.read(name), 'storage.not_found');
      }
    });

    it('refuses a range that is none', async () => {
      const { sha256: name } = await blobs.put(Buffer.from('abc'));
      for (const [start, end] of [
        [-1, 2],
        [2, 1],
        [0.5, 2],
        [0, Number.NaN],
      ] as const) {
        await expectCode(blobs.read(name, { start, end }), 'storage.bad_query');
      }
    });
  });
}
