import { expect } from 'chai';
import { readBlob } from '../../server/documents/read-blob.ts';
import { makePng } from '../composition/images/make-png.ts';
import { inkBox, isBlue, isRed, render } from '../composition/images/render.ts';
import { hasTool, textOf } from '../composition/tools.ts';
import { sealPng, signaturePng } from '../signing/appearance/pictures.ts';
import { clerk, codeOf, leader, type Office, openOffice, register, sign, toSigning } from './office.ts';

const missing = hasTool('pdftoppm') ? '' : ' (skipped: pdftoppm is not installed)';
const dotsPerInch = 150;
const pixels = (millimetres: number): number => (millimetres * dotsPerInch) / 25.4;

describe(`Signatures in a document as they are seen${missing}`, () => {
  let office: Office;
  before(function () {
    if (missing) this.skip();
  });
  beforeEach(async () => {
    office = await openOffice();
  });
  afterEach(() => office?.close());

  async function keepImage(holder: string, file: Uint8Array, width?: number): Promise<void> {
    const { sha256 } = await office.store.blobs.put(file);
    const image = { sha256, ...(width !== undefined && { width }) };
    office.certificates = office.certificates.map((one) =>
      one.accountId === holder ? { ...one, image } : one,
    );
  }

  async function signedByBoth(): Promise<Uint8Array> {
    const { deps } = office;
    const sealing = await register(deps, await sign(deps, leader, await toSigning(deps)));
    const sealed = await sign(deps, clerk, sealing);
    return readBlob(deps.store.blobs, sealed.content.at(-1)?.sha256 ?? '');
  }

  it('the leader’s own picture, and the agency’s seal at its true size over the left third of it', async () => {
    await keepImage('leader', signaturePng());
    await keepImage('clerk', sealPng());
    const picture = render(await signedByBoth(), dotsPerInch);
    const [signature, seal] = [inkBox(picture, isBlue), inkBox(picture, isRed)];
    expect(seal.right - seal.left).to.be.closeTo(pixels(36), 3);
    expect(seal.bottom - seal.top).to.be.closeTo(pixels(36), 3);
    expect(signature.right - signature.left).to.be.closeTo(pixels(60), 6);
    expect((seal.right - signature.left) / pixels(60)).to.be.closeTo(1 / 3, 0.02);
  });

  it('the seal covers a third of a narrow picture, too, and is as wide as whoever stored it says', async () => {
    const blue = () => [22, 48, 160, 255] as const;
    await keepImage('leader', makePng({ width: 50, height: 50, pixel: blue }));
    await keepImage('clerk', sealPng(), 30);
    const picture = render(await signedByBoth(), dotsPerInch);
    const [signature, seal] = [inkBox(picture, isBlue), inkBox(picture, isRed)];
    expect(seal.right - seal.left).to.be.closeTo(pixels(30), 3);
    expect(signature.bottom - signature.top).to.be.closeTo(pixels(25), 3);
    expect((seal.right - signature.left) / pixels(25)).to.be.closeTo(1 / 3, 0.03);
  });

  it('text while no picture is kept', async () => {
    const text = textOf(await signedByBoth());
    expect(text.match(/Ký bởi:/g)).to.have.length(2);
    expect(text).to.match(/09:00:00\s+\+07:00/);
  });

  it('a picture that is gone or broken stops the signature, and the attempt is counted', async () => {
    await keepImage('leader', Buffer.from('nothing'));
    const { deps } = office;
    const waiting = await toSigning(deps);
    expect(await codeOf(sign(deps, leader, waiting))).to.equal('composition.image_unknown');
    expect((await deps.documents.get(waiting.id))?.signatures).to.deep.equal([]);
  });
});
