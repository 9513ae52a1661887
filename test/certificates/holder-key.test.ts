import { expect } from 'chai';
import { type DevPki, makeDevPki } from '../../scripts/dev-pki/make-dev-pki.ts';
import { certificateDirectory } from '../../server/certificates/certificate-directory.ts';
import { changeState } from '../../server/certificates/change-state.ts';
import {
  isDevelopmentAnchor,
  refuseDevelopmentAnchors,
} from '../../server/certificates/development-anchor.ts';
import { attachKey, changePin, importKey, unlockKey } from '../../server/certificates/holder-key.ts';
import type { CertificateEntry } from '../../server/certificates/register.ts';
import { registerCertificate } from '../../server/certificates/register-certificate.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import type { Actor } from '../../server/platform/route.ts';
import { administrator, clerk, codeOf, leader, openWorld, outsider, type World } from './world.ts';

const pin = '482913';

describe('the key of a registered certificate', () => {
  let pki: DevPki;
  let world: World;
  let entry: CertificateEntry;
  const certificate = (id: string) => parseCertificate(pki.certificate(id).certificate);
  const bring = (id = 'person', by: Actor = leader) => {
    const { p12, pin: passphrase } = pki.certificate(id);
    return importKey(world.deps, by, entry.id, { p12, passphrase, pin });
  };
  const wrongPin = () => changePin(world.deps, leader, entry.id, { old: '000001', new: pin });

  before(async () => {
    pki = await makeDevPki({ only: ['person', 'person-p256'] });
  });
  beforeEach(async () => {
    world = await openWorld(new Date().toISOString());
    entry = await registerCertificate(world.deps, administrator, certificate('person'), {
      agencyId: 'xa',
      accountId: 'lanh-dao',
    });
  });
  afterEach(() => world.close());

  it('is brought by its holder, and documents then find it', async () => {
    const key = await bring();
    const [usable] = await certificateDirectory(world.deps).heldBy('lanh-dao');
    expect(usable).to.include({ keyId: key.id, fingerprint: certificate('person').fingerprint });
  });

  const refusals: Record<string, () => Promise<unknown>> = {
    'certificates.forbidden': () => bring('person', clerk),
    'certificates.not_found': () => bring('person', outsider),
    'signing.key_exists': () => bring().then(() => bring()),
    'certificates.revoked': () =>
      changeState(world.deps, administrator, entry.id, {
        action: 'revoke',
        reason: 'deviceLost',
        note: 'Mất thiết bị',
      }).then(() => bring()),
  };
  for (const [code, work] of Object.entries(refusals)) {
    it(`is refused with ${code}`, async () => {
      expect(await codeOf(work())).to.equal(code);
    });
  }

  it('is refused when the file holds the key of another certificate', async () => {
    expect(await codeOf(bring('person-p256'))).to.match(/^signing\.p12_/);
    expect(await world.deps.keys.byFingerprint(certificate('person').fingerprint)).to.equal(undefined);
  });

  it('is attached by its holder only, and where there is an HSM', async () => {
    const attach = (by: Actor) => codeOf(attachKey(world.deps, by, entry.id, { pin }));
    expect(await attach(administrator)).to.equal('certificates.forbidden');
    expect(await attach(leader)).to.equal('signing.token_not_found');
  });

  it('is not brought by an administrator, who would know the PIN', async () => {
    expect(await codeOf(bring('person', administrator))).to.equal('certificates.forbidden');
  });

  it('locks after wrong PINs until an administrator who is not its holder opens it', async () => {
    await bring();
    for (let nth = 0; nth < 5; nth++) expect(await codeOf(wrongPin())).to.equal('signing.wrong_pin');
    expect(await codeOf(wrongPin())).to.equal('signing.pin_locked');
    expect(await codeOf(unlockKey(world.deps, leader, entry.id))).to.equal('certificates.own_certificate');
    expect(await codeOf(unlockKey(world.deps, clerk, entry.id))).to.equal('certificates.forbidden');
    expect(await unlockKey(world.deps, administrator, entry.id)).to.include({ locked: false, triesLeft: 5 });
    expect(await codeOf(changePin(world.deps, leader, entry.id, { old: pin, new: '719355' }))).to.equal(
      undefined,
    );
  });

  it('is not there to be unlocked before it was brought', async () => {
    expect(await codeOf(unlockKey(world.deps, administrator, entry.id))).to.equal('certificates.no_key');
  });
});

describe('a root of the development PKI', () => {
  it('is recognised, and refused where it is not asked for', async () => {
    const pki = await makeDevPki({ only: [] });
    const roots = ['root', 'issuing', 'untrusted-root'].map((id) =>
      parseCertificate(pki.authority(id).certificate),
    );
    for (const root of roots) {
      expect(isDevelopmentAnchor(root)).to.equal(true);
      expect(() => refuseDevelopmentAnchors([root]))
        .to.throw()
        .with.property('code', 'certificates.development_anchor');
    }
    expect(() => refuseDevelopmentAnchors([])).to.not.throw();
  });
});
