import { expect } from 'chai';
import { makeDevPki } from '../../scripts/dev-pki/make-dev-pki.ts';
import { CertificatesError } from '../../server/certificates/errors.ts';
import { importIssuedList } from '../../server/certificates/import-issued-list.ts';
import { type RowProblem, readIssuedList } from '../../server/certificates/issued-list.ts';
import { listCertificates } from '../../server/certificates/list-certificates.ts';
import { registerCertificate } from '../../server/certificates/register-certificate.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import { administrator, codeOf, openWorld, outsider, type World } from './world.ts';

const csv = [
  'Loại,Chủ thể,Mã cơ quan,Phương tiện,Số hiệu,Nhà cấp,Từ ngày,Đến ngày,Trạng thái,Ngày thu hồi,Lý do',
  'Cá nhân,"Trần Văn A, Trưởng phòng",H99.1,USB token,0A1B,CA thử,01/02/2024,31/01/2029,Đang hoạt động,,',
  'Tổ chức,Ủy ban nhân dân xã,H99.1,HSM,0c,CA thử,2024-02-01,2029-01-31,Thu hồi,2025-03-04,Mất thiết bị',
].join('\r\n');

function problemsOf(text: string): readonly RowProblem[] {
  try {
    readIssuedList(text);
    return [];
  } catch (error) {
    if (error instanceof CertificatesError) return error.details.problems as RowProblem[];
    throw error;
  }
}

describe('a list of issued certificates', () => {
  it('is read from CSV with Vietnamese columns, its dates being days in Vietnam', () => {
    const [person, organization] = readIssuedList(csv);
    expect(person).to.deep.equal({
      holderKind: 'person',
      holderName: 'Trần Văn A, Trưởng phòng',
      agency: 'H99.1',
      medium: 'token',
      serial: '0a1b',
      issuer: 'CA thử',
      notBefore: '2024-01-31T17:00:00.000Z',
      notAfter: '2029-01-31T16:59:59.000Z',
      state: 'active',
    });
    expect(organization).to.include({
      holderKind: 'organization',
      medium: 'hsm',
      state: 'revoked',
      revokedAt: '2025-03-03T17:00:00.000Z',
      reason: 'deviceLost',
    });
  });

  it('is read the same from JSON', () => {
    const rows = readIssuedList(csv);
    expect(readIssuedList(JSON.stringify(rows))).to.deep.equal(rows);
  });

  const row = (changes: object) => JSON.stringify([{ ...readIssuedList(csv)[0], ...changes }]);
  const broken: Record<string, [string, string]> = {
    'an unknown kind': [row({ holderKind: 'dog' }), 'holderKind'],
    'a serial that is no number': [row({ serial: 'xyz' }), 'serial'],
    'a date that is none': [row({ notBefore: 'yesterday' }), 'notBefore'],
    'a leap second, which no date can be': [row({ notBefore: '2016-12-31T23:59:60Z' }), 'notAfter'],
    'an end before its beginning': [row({ notAfter: '2020-01-01T00:00:00Z' }), 'notAfter'],
    'a revocation without its date': [row({ state: 'revoked' }), 'revokedAt'],
    'a date of revocation on an active one': [row({ revokedAt: '2025-01-01T00:00:00Z' }), 'revokedAt'],
  };
  for (const [what, [text, field]] of Object.entries(broken)) {
    it(`with ${what} is refused, naming ${field}`, () => {
      expect(problemsOf(text)).to.have.nested.property('[0].field', field);
    });
  }

  for (const text of ['', '[', '{"a":1}', 'a,"b', '[1,2]', '\u0000']) {
    it(`that is ${JSON.stringify(text)} has no rows or is refused with a code`, () => {
      const problems = problemsOf(text);
      if (problems.length === 0) expect(readIssuedList(text)).to.deep.equal([]);
    });
  }

  describe('imported', () => {
    let world: World;
    beforeEach(async () => {
      world = await openWorld();
    });
    afterEach(() => world.close());

    it('is registered once, however often it is imported', async () => {
      const rows = readIssuedList(csv);
      expect(await importIssuedList(world.deps, administrator, rows)).to.deep.equal({
        registered: 2,
        known: 0,
      });
      expect(await importIssuedList(world.deps, administrator, rows)).to.deep.equal({
        registered: 0,
        known: 2,
      });
      await world.deps.store.dispatch();
      expect(await world.deps.store.audit.entries()).to.have.lengthOf(2);
    });

    it('lets others have their turn in between', async () => {
      let others = 0;
      const count = () => {
        others += 1;
        next = setImmediate(count);
      };
      let next = setImmediate(count);
      const [first] = readIssuedList(csv);
      if (!first) throw new Error('a row was expected');
      const rows = Array.from({ length: 100 }, (_, at) => {
        const { fingerprint: _fingerprint, ...row } = first;
        return { ...row, serial: at.toString(16) };
      });
      await importIssuedList(world.deps, administrator, rows);
      clearImmediate(next);
      expect(others).to.be.at.least(5);
    });

    it('writes nothing when one row is wrong', async () => {
      const [first, second] = readIssuedList(csv);
      if (!first || !second) throw new Error('two rows were expected');
      const tries = [
        [first, { ...second, agency: 'H77' }],
        [first, second, { ...first, serial: '000A1B' }],
      ];
      for (const rows of tries) {
        expect(await codeOf(importIssuedList(world.deps, administrator, rows))).to.equal(
          'certificates.bad_list',
        );
      }
      expect(await codeOf(importIssuedList(world.deps, outsider, [first]))).to.equal(
        'certificates.forbidden',
      );
      expect((await listCertificates(world.deps, administrator, {})).items).to.deep.equal([]);
    });

    it('refuses a fingerprint that belongs to another number', async () => {
      const fingerprint = 'f'.repeat(64);
      const [first, second] = readIssuedList(csv);
      if (!first || !second) throw new Error('two rows were expected');
      await importIssuedList(world.deps, administrator, [{ ...first, fingerprint }]);
      const claim = importIssuedList(world.deps, administrator, [{ ...second, fingerprint }]);
      expect(await codeOf(claim)).to.equal('certificates.bad_list');
    });

    it('leaves rows that the certificates themselves complete later', async () => {
      const pki = await makeDevPki({ only: ['person-p256'] });
      const certificate = parseCertificate(pki.certificate('person-p256').certificate);
      const [listed] = readIssuedList(csv);
      if (!listed) throw new Error('a row was expected');
      await importIssuedList(world.deps, administrator, [
        {
          ...listed,
          serial: certificate.serial.toUpperCase(),
          issuer: 'CA  phục vụ các cơ quan (PHÁT TRIỂN)',
        },
      ]);
      const entry = await registerCertificate(world.deps, administrator, certificate, { agencyId: 'xa' });
      expect(entry).to.include({
        fingerprint: certificate.fingerprint,
        holderName: 'Trần Văn A, Trưởng phòng',
      });
      expect((await listCertificates(world.deps, administrator, {})).items).to.have.lengthOf(1);
    });
  });
});
