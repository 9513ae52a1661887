import { expect } from 'chai';
import { type DevPki, makeDevPki } from '../../scripts/dev-pki/make-dev-pki.ts';
import { certificateDirectory } from '../../server/certificates/certificate-directory.ts';
import { certificateGate } from '../../server/certificates/certificate-gate.ts';
import { changeState } from '../../server/certificates/change-state.ts';
import { getCertificate } from '../../server/certificates/get-certificate.ts';
import { listCertificates } from '../../server/certificates/list-certificates.ts';
import { presentCertificate } from '../../server/certificates/presenter.ts';
import type { CertificateEntry } from '../../server/certificates/register.ts';
import { registerCertificate } from '../../server/certificates/register-certificate.ts';
import type { Holding } from '../../server/certificates/schema.ts';
import { type Certificate, parseCertificate } from '../../server/pki/certificate.ts';
import { administrator, clerk, codeOf, leader, official, openWorld, outsider, type World } from './world.ts';

const now = '2026-06-15T03:00:00.000Z';
const note = 'Theo công văn số 12';

describe('the register of certificates', () => {
  let pki: DevPki;
  let world: World;
  const certificate = (id: string): Certificate => parseCertificate(pki.certificate(id).certificate);
  const register = (id: string, holding: Partial<Holding> = {}, by = administrator) =>
    registerCertificate(world.deps, by, certificate(id), { agencyId: 'xa', ...holding });
  const change = (
    entry: CertificateEntry,
    action: 'activate' | 'suspend' | 'resume' | 'revoke',
    by = administrator,
  ) => changeState(world.deps, by, entry.id, { action, reason: 'unspecified', note });
  const gate = (id: string, at = world.deps.clock.now()) =>
    certificateGate(world.deps.store).check(certificate(id), at);

  before(async () => {
    pki = await makeDevPki({ now: new Date(now) });
  });
  beforeEach(async () => {
    world = await openWorld(now);
  });
  afterEach(() => world.close());

  describe('registering', () => {
    it('takes holder, issuer, serial and period from the certificate', async () => {
      const entry = await register('person', { accountId: 'lanh-dao', medium: 'file' });
      expect(entry).to.include({
        fingerprint: certificate('person').fingerprint,
        holderKind: 'person',
        holderName: 'Nguyễn Thị Minh Ánh',
        issuer: 'CA phục vụ các cơ quan (phát triển)',
        agencyId: 'xa',
        accountId: 'lanh-dao',
        medium: 'file',
        state: 'active',
        notAfter: '2029-03-11T03:00:00.000Z',
      });
    });

    const kinds = {
      organization: 'organization',
      'public-organization': 'organization',
      'person-older': 'person',
      'public-person': 'person',
    };
    for (const [id, kind] of Object.entries(kinds)) {
      it(`suggests ${kind} for the subject of ${id}`, async () => {
        expect(await register(id)).to.have.property('holderKind', kind);
      });
    }

    it('believes what it is told about the holder more than the subject', async () => {
      expect(await register('device', { holderKind: 'device' })).to.have.property('holderKind', 'device');
    });

    const refusals: Record<string, () => Promise<unknown>> = {
      'certificates.already_registered': () => register('person').then(() => register('person')),
      'certificates.is_authority': () =>
        registerCertificate(
          world.deps,
          administrator,
          parseCertificate(pki.authority('issuing').certificate),
          {
            agencyId: 'xa',
          },
        ),
      'certificates.unknown_account': () => register('person', { accountId: 'nobody' }),
      'certificates.forbidden': () => register('person', {}, outsider),
    };
    for (const [code, work] of Object.entries(refusals)) {
      it(`refuses with ${code}`, async () => {
        expect(await codeOf(work())).to.equal(code);
      });
    }

    it('is for administrators only', async () => {
      expect(await codeOf(register('person', {}, leader))).to.equal('certificates.forbidden');
    });

    it('leaves one audit event that names the certificate and who did it', async () => {
      const entry = await register('person');
      await world.deps.store.dispatch();
      const [logged] = await world.deps.store.audit.entries();
      expect(logged?.event).to.deep.include({
        type: 'certificate.registered',
        actor: 'quan-tri',
        subject: { type: 'certificate', id: entry.id },
      });
    });
  });

  describe('changing the state', () => {
    it('lets a certificate sign only while it is active', async () => {
      expect(await gate('person')).to.equal('certificates.not_registered');
      const entry = await register('person', { state: 'pending' });
      expect(await gate('person')).to.equal('certificates.pending');
      await change(entry, 'activate');
      expect(await gate('person')).to.equal(undefined);
      await change(entry, 'suspend');
      expect(await gate('person')).to.equal('certificates.suspended');
      await change(entry, 'resume');
      expect(await gate('person')).to.equal(undefined);
      await change(entry, 'revoke');
      expect(await gate('person')).to.equal('certificates.revoked');
    });

    it('remembers what held at an earlier moment', async () => {
      const entry = await register('person');
      world.deps.clock.set('2026-06-20T03:00:00.000Z');
      await change(entry, 'revoke');
      expect(await gate('person', new Date('2026-06-19T00:00:00Z'))).to.equal(undefined);
      expect(await gate('person', new Date('2026-06-20T03:00:00Z'))).to.equal('certificates.revoked');
    });

    it('never brings a revoked certificate back', async () => {
      const entry = await register('person');
      await change(entry, 'revoke');
      for (const action of ['activate', 'suspend', 'resume', 'revoke'] as const) {
        expect(await codeOf(change(entry, action)), action).to.equal('certificates.bad_transition');
      }
    });

    it('lets a holder stop the own certificate and nothing else', async () => {
      const entry = await register('person', { accountId: 'lanh-dao' });
      expect(await codeOf(change(entry, 'revoke', leader))).to.equal('certificates.own_certificate');
      expect(await change(entry, 'suspend', leader)).to.have.property('state', 'suspended');
      expect(await codeOf(change(entry, 'resume', leader))).to.equal('certificates.own_certificate');
      expect(await codeOf(change(entry, 'suspend', clerk))).to.equal('certificates.forbidden');
    });

    it('takes a date that is late but neither ahead nor out of order', async () => {
      const entry = await register('person');
      const suspend = (effective: string) =>
        codeOf(
          changeState(world.deps, administrator, entry.id, {
            action: 'suspend',
            reason: 'deviceLost',
            note,
            effective,
          }),
        );
      expect(await suspend('2026-06-15T03:00:01.000Z')).to.equal('certificates.bad_date');
      expect(await suspend('2025-01-01T00:00:00.000Z')).to.equal('certificates.bad_date');
      expect(await suspend('2026-06-12T03:00:00.000Z')).to.equal(undefined);
    });

    it('lets one of two people who change it at once win', async () => {
      const entry = await register('person');
      const codes = await Promise.all([codeOf(change(entry, 'suspend')), codeOf(change(entry, 'revoke'))]);
      expect(codes.filter((code) => code === undefined)).to.have.lengthOf(1);
      expect(codes).to.include('storage.conflict');
    });
  });

  describe('reading', () => {
    it('shows what is beneath the own agency, and to officials only their own', async () => {
      const entry = await register('person', { accountId: 'lanh-dao' });
      const seen = (by: typeof leader) => codeOf(getCertificate(world.deps, by, entry.id));
      expect(await seen(administrator)).to.equal(undefined);
      expect(await seen(leader)).to.equal(undefined);
      expect(await seen(clerk)).to.equal(undefined);
      expect(await seen(outsider)).to.equal('certificates.not_found');
      expect(await seen(official)).to.equal('certificates.not_found');
    });

    it('masks identifiers, in the subject as well', async () => {
      const view = presentCertificate(await register('public-person'), new Date(now));
      expect(JSON.stringify(view)).to.not.match(/0000000000|000000000018/);
      expect(view.identifier).to.match(/018$/);
    });

    it('says from the period what the state does not know', async () => {
      const entries = await Promise.all(
        ['expired', 'expiring', 'future', 'person'].map((id) => register(id)),
      );
      const views = entries.map((entry) => presentCertificate(entry, new Date(now)).status);
      expect(views).to.deep.equal(['expired', 'expiring', 'notYetValid', 'active']);
    });

    it('pages through filtered lists without losing or repeating a row', async () => {
      const persons = ['person', 'person-p256', 'person-older', 'public-person', 'legacy'];
      for (const id of [...persons, 'organization', 'organization-p256']) await register(id);
      const names: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listCertificates(world.deps, administrator, {
          holderKind: 'person',
          limit: 2,
          ...(cursor === undefined ? {} : { cursor }),
        });
        expect(page.items.length).to.be.at.most(2);
        names.push(...page.items.map(({ fingerprint = '' }) => fingerprint));
        cursor = page.next;
      } while (cursor !== undefined);
      expect(names.toSorted()).to.deep.equal(persons.map((id) => certificate(id).fingerprint).toSorted());
    });

    it('finds by part of a name', async () => {
      for (const id of ['person', 'person-p256']) await register(id);
      const { items } = await listCertificates(world.deps, administrator, { text: 'MINH ÁNH' });
      expect(items.map(({ holderName }) => holderName)).to.deep.equal(['Nguyễn Thị Minh Ánh']);
    });

    it('tells documents every certificate of an account, so that signing with a bad one is refused and counted', async () => {
      await register('person', { accountId: 'lanh-dao' });
      await register('expired', { accountId: 'lanh-dao' });
      const directory = certificateDirectory(world.deps);
      const held = await directory.heldBy('lanh-dao');
      const states = new Map(held.map(({ fingerprint, state }) => [fingerprint, state]));
      expect(states.get(certificate('person').fingerprint)).to.equal('active');
      expect(states.get(certificate('expired').fingerprint)).to.equal('expired');
    });
  });
});
