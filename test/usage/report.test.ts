import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseCsv } from '../../server/platform/csv.ts';
import { newId } from '../../server/platform/ids.ts';
import { openStore } from '../../server/storage/open-store.ts';
import type { Store, UsageEvent } from '../../server/storage/ports.ts';
import { getCertificateUsage } from '../../server/usage/get-certificate-usage.ts';
import type { IssuedCertificate, UsageDeps } from '../../server/usage/ports.ts';
import { summaryOf, usageCsv, usageTable } from '../../server/usage/presenter.ts';
import { reportUsage } from '../../server/usage/report-usage.ts';
import type { ReportQuery } from '../../server/usage/schema.ts';
import { actor, codeOf, people } from '../certificates/world.ts';

/** 10:00 on 15 June 2026 in Vietnam. */
const now = '2026-06-15T03:00:00.000Z';
const fingerprint = (nth: number): string => nth.toString(16).padStart(64, '0');

/** An active certificate of a person; a test says what differs. */
const issued = (nth: number, changes: Partial<IssuedCertificate> = {}): IssuedCertificate => ({
  id: `c${nth}`,
  fingerprint: fingerprint(nth),
  holderKind: 'person',
  holderName: `Người ${nth}`,
  agencyId: 'xa',
  medium: 'token',
  issuer: 'CA',
  serial: String(nth),
  notBefore: '2025-01-01T00:00:00.000Z',
  notAfter: '2029-01-01T00:00:00.000Z',
  statusAt: () => 'active',
  ...changes,
});

describe('the usage report', () => {
  let store: Store;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'anso-usage-'));
    store = await openStore({ dataDir: folder }, { now: () => new Date(now) });
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const depsOf = (certificates: readonly IssuedCertificate[]): UsageDeps => ({
    ledger: store.usage,
    people,
    clock: { now: () => new Date(now) },
    certificates: {
      async *all() {
        yield* certificates;
      },
      byFingerprint: async (wanted) => certificates.find((entry) => entry.fingerprint === wanted),
    },
  });
  const use = (nth: number, times: readonly string[], outcome: UsageEvent['outcome'] = 'signed') =>
    store.usage.record(
      times.map((time) => ({ id: newId(), certificate: fingerprint(nth), time, outcome, channel: 'server' })),
    );
  const report = (certificates: readonly IssuedCertificate[], query: ReportQuery = {}) =>
    reportUsage(depsOf(certificates), 'everything', query);
  const groupOf = async (nth: number) => (await report([issued(nth)])).certificates[0]?.group;

  describe('at the edges of the Vietnam day', () => {
    it('counts one second after midnight as another day', async () => {
      await use(1, ['2026-06-10T16:59:59.999Z', '2026-06-10T17:00:00.000Z', '2026-06-01T03:00:00.000Z']);
      expect(await groupOf(1)).to.equal('regular');
    });

    it('counts two UTC days as one when they are one in Vietnam', async () => {
      await use(1, ['2026-06-09T17:30:00.000Z', '2026-06-10T10:00:00.000Z', '2026-06-01T03:00:00.000Z']);
      expect(await groupOf(1)).to.equal('irregular');
    });

    it('takes the first instant of the first day of the window and not the one before', async () => {
      // The window of 90 days that ends on 15 June begins on 18 March.
      await use(1, [now, '2026-06-01T03:00:00.000Z', '2026-03-17T17:00:00.000Z']);
      await use(2, [now, '2026-06-01T03:00:00.000Z', '2026-03-17T16:59:59.999Z']);
      expect(await groupOf(1)).to.equal('regular');
      expect(await groupOf(2)).to.equal('irregular');
    });
  });

  it('counts refused and failed attempts, which are no use', async () => {
    await use(1, ['2026-06-10T03:00:00.000Z', '2026-06-11T03:00:00.000Z'], 'refused');
    await use(1, ['2026-06-12T03:00:00.000Z'], 'failed');
    const { certificates, totals } = await report([issued(1)]);
    expect(certificates[0]).to.include({ refused: 2, failed: 1, signed: 0, days: 0, group: 'never' });
    expect(certificates[0]).to.not.have.property('lastDay');
    expect(totals).to.deep.equal({ signed: 0, refused: 2, failed: 1, observed: 0 });
  });

  it('counts signatures observed in archives as use', async () => {
    await use(1, ['2026-06-10T03:00:00.000Z', '2026-06-11T03:00:00.000Z'], 'observed');
    await use(1, ['2026-06-12T03:00:00.000Z']);
    const { certificates } = await report([issued(1)]);
    expect(certificates[0]).to.include({
      observed: 2,
      signed: 1,
      days: 3,
      lastDay: '2026-06-12',
      group: 'regular',
    });
  });

  describe('with its two bases', () => {
    it('divides by all issued, and by those that could sign', async () => {
      await use(1, ['2026-06-10T03:00:00.000Z', '2026-06-11T03:00:00.000Z', '2026-06-12T03:00:00.000Z']);
      const {
        bases,
        issued: all,
        rate,
      } = await report([
        issued(1),
        issued(2, { statusAt: () => 'expiring' }),
        issued(3, { statusAt: () => 'revoked' }),
        issued(4, { statusAt: () => 'expired' }),
        issued(5, { statusAt: () => 'suspended' }),
      ]);
      expect(bases.issued).to.deep.equal({ total: 5, regular: 1, irregular: 0, never: 4, rate: 20 });
      expect(bases.active).to.deep.equal({ total: 2, regular: 1, irregular: 0, never: 1, rate: 50 });
      expect([all, rate]).to.deep.equal([5, 20]);
    });

    it('leaves out what is not issued yet', async () => {
      const { issued: all, pending } = await report([
        issued(1),
        issued(2, { statusAt: () => 'pending' }),
        issued(3, { notBefore: '2026-06-15T03:00:00.001Z', statusAt: () => 'notYetValid' }),
      ]);
      expect([all, pending]).to.deep.equal([1, 1]);
    });

    it('has no rate of nothing', async () => {
      expect(await report([])).to.deep.include({ issued: 0, rate: null });
    });

    it('adds up over kinds of holders and over agencies', async () => {
      const kinds = ['organization', 'person', 'device'] as const;
      const one = fc.record({
        kind: fc.constantFrom(...kinds),
        agencyId: fc.constantFrom('xa', 'so'),
        days: fc.nat(5),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(one, { maxLength: 12 }), async (all) => {
          const base = Math.trunc(Math.random() * 2 ** 40);
          const entries = all.map(({ kind, agencyId }, at) =>
            issued(base + at, { holderKind: kind, agencyId }),
          );
          for (const [at, { days }] of all.entries()) {
            await use(
              base + at,
              Array.from({ length: days }, (_, ago) => `2026-06-0${ago + 1}T03:00:00.000Z`),
            );
          }
          const result = await report(entries);
          const sum = (parts: readonly { issued: { total: number; regular: number; never: number } }[]) =>
            parts
              .map(({ issued: { total, regular, never } }) => [total, regular, never])
              .reduce((a, b) => a.map((value, at) => value + (b[at] ?? 0)), [0, 0, 0]);
          const whole = sum([result.bases]);
          expect(sum(Object.values(result.byHolderKind))).to.deep.equal(whole);
          expect(sum(result.byAgency)).to.deep.equal(whole);
          expect(whole).to.deep.equal([
            all.length,
            all.filter(({ days }) => days >= 3).length,
            all.filter(({ days }) => days === 0).length,
          ]);
        }),
        { numRuns: 15 },
      );
    });
  });

  it('counts in its period and looks for the last use in all of the past', async () => {
    await use(1, ['2025-02-01T03:00:00.000Z', '2026-06-10T03:00:00.000Z']);
    await use(2, ['2025-02-01T03:00:00.000Z']);
    const { certificates, from } = await report([issued(1), issued(2)]);
    expect(from).to.equal('2026-03-18');
    expect(certificates[0]).to.include({ signed: 1, days: 1, lastDay: '2026-06-10' });
    expect(certificates[1]).to.include({ signed: 0, days: 0, lastDay: '2025-02-01', group: 'irregular' });
    const longer = await report([issued(1)], { from: '2025-01-01' });
    expect(longer.certificates[0]).to.include({ signed: 2, days: 2 });
  });

  it('can be made for a day in the past, as if later uses had not been', async () => {
    await use(1, ['2026-05-01T03:00:00.000Z', '2026-05-02T03:00:00.000Z', '2026-05-03T03:00:00.000Z']);
    expect((await report([issued(1)], { asOf: '2026-05-02' })).bases.issued).to.include({ irregular: 1 });
    expect((await report([issued(1)], { asOf: '2026-05-03' })).bases.issued).to.include({ regular: 1 });
  });

  it('says so when it follows another rule than the one in force', async () => {
    await use(1, ['2026-06-10T03:00:00.000Z']);
    const { rule, regular } = await report([issued(1)], { minimumDays: 1, windowDays: 30 });
    expect(rule).to.include({ asked: true, minimumDays: 1, windowDays: 30 });
    expect(regular).to.equal(1);
    expect((await report([])).rule).to.include({ asked: false, minimumDays: 3, windowDays: 90 });
  });

  it('tells of certificates that were used and are in no register', async () => {
    await use(1, ['2026-06-10T03:00:00.000Z']);
    await use(9, ['2026-06-10T03:00:00.000Z', '2026-06-10T04:00:00.000Z']);
    const { unregistered, issued: all } = await report([issued(1)]);
    expect(unregistered).to.deep.equal({ certificates: 1, signed: 2, refused: 0, failed: 0, observed: 0 });
    expect(all).to.equal(1);
  });

  it('counts a certificate known from a list only as never used', async () => {
    const { fingerprint: _, ...listed } = issued(1);
    expect((await report([listed])).bases.issued).to.include({ total: 1, never: 1 });
  });

  it('covers the agency asked for and those below it', async () => {
    const certificates = [issued(1), issued(2, { agencyId: 'so' }), issued(3, { agencyId: 'tinh' })];
    const beneath = async (agencyId: string) =>
      (await reportUsage(depsOf(certificates), { beneath: agencyId }, {})).issued;
    expect(await beneath('tinh')).to.equal(3);
    expect(await beneath('xa')).to.equal(1);
    const asked = (agencyId: string) => reportUsage(depsOf(certificates), { beneath: 'xa' }, { agencyId });
    expect(await asked('xa')).to.include({ issued: 1 });
    expect(await codeOf(asked('so'))).to.equal('usage.forbidden');
  });

  for (const query of [
    { asOf: '2026-06-16' },
    { asOf: '2026-02-30' },
    { asOf: '2026-05-01', from: '2026-05-02' },
  ]) {
    it(`refuses the period ${JSON.stringify(query)}`, async () => {
      expect(await codeOf(report([], query))).to.equal('usage.bad_period');
    });
  }

  describe('of one certificate', () => {
    const usageOf = (by: ReturnType<typeof actor>) =>
      getCertificateUsage(depsOf([issued(1, { accountId: 'chu' })]), by, fingerprint(1), {});

    it('shows each attempt to its holder and to those in charge, and to nobody else', async () => {
      await use(1, ['2026-06-10T03:00:00.000Z', '2026-06-11T03:00:00.000Z']);
      for (const by of [
        actor('so', 'chu', 'official'),
        actor('xa', 'x', 'leader'),
        actor('tinh', 'x', 'auditor'),
      ]) {
        const { events, byDay, certificate } = await usageOf(by);
        expect(events.map(({ time }) => time)).to.deep.equal([
          '2026-06-11T03:00:00.000Z',
          '2026-06-10T03:00:00.000Z',
        ]);
        expect(byDay.map(({ day, signed }) => [day, signed])).to.deep.equal([
          ['2026-06-10', 1],
          ['2026-06-11', 1],
        ]);
        expect(certificate).to.include({ signed: 2, group: 'irregular' });
      }
      expect(await codeOf(usageOf(actor('xa', 'x', 'official')))).to.equal('usage.forbidden');
      expect(await codeOf(usageOf(actor('so', 'x', 'leader')))).to.equal('usage.not_found');
    });
  });

  describe('printed', () => {
    it('states the rule in both languages and both bases on each face', async () => {
      const result = await report([issued(1)]);
      for (const text of [usageCsv(result), usageTable(result), JSON.stringify(summaryOf(result))]) {
        expect(text)
          .to.include('3 ngày khác nhau của 90 ngày')
          .and.include('3 different days of the last 90');
      }
      expect(usageTable(result)).to.include('Đang h.động');
    });

    it('has one row a certificate in the spreadsheet, and no formula from a name', async () => {
      const rows = parseCsv(
        usageCsv(await report([issued(1, { holderName: '=HYPERLINK("http://x")' }), issued(2)])),
      );
      expect(rows.filter((row) => row.at(-1)?.length === 64)).to.have.lengthOf(2);
      expect(rows.flat()).to.include(`'=HYPERLINK("http://x")`);
    });
  });
});
