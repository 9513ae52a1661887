import { expect } from 'chai';
import { type DevPki, makeDevPki } from '../../scripts/dev-pki/make-dev-pki.ts';
import { certificateDirectory } from '../../server/certificates/certificate-directory.ts';
import { changeState } from '../../server/certificates/change-state.ts';
import { downloadImage, removeImage, storeImage } from '../../server/certificates/holder-image.ts';
import { registerCertificate } from '../../server/certificates/register-certificate.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import { makePng } from '../composition/images/make-png.ts';
import { sealPng, signaturePng } from '../signing/appearance/pictures.ts';
import { codeOf } from '../signing/providers.ts';
import { administrator, leader, official, openWorld, type World } from './world.ts';

describe('The picture of a signature or a seal', () => {
  let pki: DevPki;
  let world: World;
  let id: string;
  const file = { bytes: signaturePng() };

  before(async () => {
    pki = await makeDevPki({ only: ['person'] });
  });
  beforeEach(async () => {
    world = await openWorld(new Date().toISOString());
    id = await register('person');
  });
  afterEach(() => world.close());

  async function register(holderKind: 'person' | 'organization'): Promise<string> {
    const certificate = parseCertificate(pki.certificate('person').certificate);
    const holding = { agencyId: 'xa', accountId: 'lanh-dao', medium: 'file', holderKind } as const;
    return (await registerCertificate(world.deps, administrator, certificate, holding)).id;
  }

  it('is kept by its holder, found by whoever signs, and forgotten again', async () => {
    const { deps } = world;
    const { image } = await storeImage(deps, leader, id, { bytes: sealPng(), width: 34 });
    expect(image).to.deep.include({ mediaType: 'image/png', width: 34, height: 34 });
    const [held] = await certificateDirectory(deps).heldBy('lanh-dao');
    expect(held?.image).to.deep.equal(image);
    const download = await downloadImage(deps, leader, id);
    expect(download.mediaType).to.equal('image/png');
    expect(Buffer.concat(await (await download.open()).toArray()).equals(sealPng())).to.equal(true);
    expect(await removeImage(deps, leader, id)).to.not.have.property('image');
    expect(await codeOf(removeImage(deps, leader, id))).to.equal('certificates.no_image');
  });

  it('takes its size from the file when nobody says it', async () => {
    const { image } = await storeImage(world.deps, leader, id, { bytes: sealPng(38) });
    expect(image?.width).to.be.closeTo(38, 0.1);
  });

  it('of a person is nobody else’s business, not even an administrator’s', async () => {
    for (const who of [administrator, official]) {
      expect(await codeOf(storeImage(world.deps, who, id, file)), who.accountId).to.match(
        /^certificates\.(forbidden|not_found)$/,
      );
    }
    await storeImage(world.deps, leader, id, file);
    expect(await codeOf(downloadImage(world.deps, administrator, id))).to.equal('certificates.forbidden');
  });

  it('leaves who stored and removed it in the audit log', async () => {
    const { deps } = world;
    await storeImage(deps, leader, id, file);
    await removeImage(deps, leader, id);
    await deps.store.dispatch();
    const types = (await deps.store.audit.entries()).map(({ event }) => event.type);
    expect(types).to.include.members(['certificate.image_stored', 'certificate.image_removed']);
  });

  it('is refused when it is too large, no picture, or the certificate is revoked', async () => {
    const { deps } = world;
    const put = (bytes: Uint8Array) => codeOf(storeImage(deps, leader, id, { bytes }));
    expect(await put(Buffer.alloc(300_000))).to.equal('certificates.image_too_large');
    expect(await put(makePng({ width: 1100, height: 1000, pixel: () => [0, 0, 0, 0] }))).to.equal(
      'composition.image_too_large',
    );
    expect(await put(Buffer.from('GIF89a'))).to.equal('composition.image_unknown');
    const revocation = { action: 'revoke', reason: 'superseded', note: 'cấp mới' } as const;
    await changeState(deps, administrator, id, revocation);
    expect(await put(signaturePng())).to.equal('certificates.revoked');
  });
});
