import { expect } from 'chai';
import { makeIdentity } from '../signing/identities.ts';
import { makeCrl } from '../signing/make-crl.ts';
import { agency, crl, formPdf, judged, leader, now, reportOn, root, signed, type Trusting } from './files.ts';

const pdf = formPdf();

/** The default is a sound signature under a trusted root with a fresh CRL; a test says only what differs. */
async function verdictOf(
  given: Trusting & {
    readonly identity?: typeof leader;
    readonly time?: Date;
    readonly rsa?: 'pss' | 'pkcs1';
  } = {},
) {
  const { identity, time, rsa, ...trusting } = given;
  const file = await signed(pdf, identity, { field: 'ky', ...(time && { time }), ...(rsa && { rsa }) });
  const report = judged(file, trusting);
  return { report, signature: reportOn(report, 'ky') };
}

describe('a sound signature', () => {
  it('is valid, with the seven fields of the circular', async () => {
    const { report, signature } = await verdictOf();
    expect(report).to.include({ verdict: 'valid', documentIntegrity: 'intact', code: null });
    expect(report.summary.vi).to.match(/^HỢP LỆ/);
    expect(signature).to.include({
      kind: 'signature',
      integrity: 'intact',
      coverage: 'whole-file',
      modifications: 'none',
      trust: 'trusted',
      indication: 'TOTAL_PASSED',
      subIndication: null,
      level: 'B-B',
      signer: 'Nguyễn Văn A',
      issuer: 'Root',
      signingTime: '2026-05-31T00:00:00.000Z',
    });
    expect(signature.fields).to.deep.equal({
      issuer: 'Root',
      signer: 'Nguyễn Văn A',
      managingUnit: 'UBND tỉnh Cà Mau',
      signingTime: { claimed: '2026-05-31T00:00:00.000Z' },
      integrity: { vi: 'Toàn vẹn từ khi ký', en: 'Intact since it was signed' },
      validityAtSigning: { vi: 'Hợp lệ', en: 'Valid' },
      certificatePeriod: { from: '2020-01-01T00:00:00.000Z', to: '2050-01-01T00:00:00.000Z' },
    });
  });

  it('passes every check of annex II', async () => {
    const { signature } = await verdictOf();
    expect(signature.checks.map(({ id, result }) => `${id} ${result}`)).to.deep.equal([
      '1.1 pass',
      '1.2 pass',
      '1.3 pass',
      '1.4 pass',
      '1.5 pass',
      '2.1 pass',
      '2.2 pass',
      '2.3 pass',
      '2.4 pass',
    ]);
  });

  it('says that its time is only claimed, and names nothing else', async () => {
    const { signature } = await verdictOf();
    expect(signature.notes.map(({ code }) => code)).to.deep.equal(['time_is_claimed']);
    expect(signature.signingTimeProven).to.equal(false);
  });

  it('may use PKCS#1 v1.5, which is noted and nothing more', async () => {
    const identity = makeIdentity('rsa-3072', { issuer: root, serial: 0x33 });
    const { report, signature } = await verdictOf({ identity, rsa: 'pkcs1' });
    expect(report.verdict).to.equal('valid');
    expect(signature.notes.map(({ code }) => code)).to.include('rsa_pkcs1');
    expect((await verdictOf({ identity })).signature.notes.map(({ code }) => code)).not.to.include(
      'rsa_pkcs1',
    );
  });
});

describe('trust', () => {
  const middle = makeIdentity('p-521', { issuer: root, ca: true, subject: 'Issuing', serial: 0x44 });
  const below = makeIdentity('p-256', { issuer: middle, subject: 'Below', serial: 0x55 });
  const fresh = {
    thisUpdate: new Date('2026-05-01'),
    nextUpdate: new Date('2026-07-01'),
    serials: [] as number[],
  };
  const stranger = makeIdentity('rsa-2048', { ca: true, subject: 'Stranger' });
  const weak = makeIdentity('rsa-1024', { issuer: root, ca: true, subject: 'Weak', serial: 0x66 });
  const belowWeak = makeIdentity('p-256', { issuer: weak, subject: 'Below weak' });

  const cases: readonly (readonly [string, Parameters<typeof verdictOf>[0], Record<string, unknown>])[] = [
    [
      'no root at all',
      { anchors: [] },
      { verdict: 'indeterminate', trust: 'untrusted', subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' },
    ],
    [
      'another root',
      { anchors: [stranger.der] },
      { verdict: 'indeterminate', trust: 'untrusted', subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' },
    ],
    ['no CRL', { crls: [] }, { verdict: 'indeterminate', trust: 'unknown', subIndication: 'TRY_LATER' }],
    [
      'a CRL that is out of date',
      { crls: [crl([], '2026-01-01', '2026-02-01')] },
      { verdict: 'indeterminate', trust: 'unknown', subIndication: 'TRY_LATER' },
    ],
    [
      'revoked before it signed',
      { crls: [crl([0x11])] },
      { verdict: 'invalid', trust: 'revoked', indication: 'TOTAL_FAILED', subIndication: 'REVOKED' },
    ],
    [
      'revoked after it claims to have signed',
      { crls: [crl([0x11])], time: new Date('2026-04-01') },
      { verdict: 'indeterminate', trust: 'revoked', subIndication: 'REVOKED_NO_POE' },
    ],
    [
      'a claimed time to come',
      { time: new Date('2026-06-02') },
      { verdict: 'indeterminate', subIndication: 'SIG_CONSTRAINTS_FAILURE' },
    ],
    [
      'expired by now, without proof of time',
      { at: new Date('2050-06-01'), crls: [crl([], '2050-05-01', '2050-07-01')] },
      { verdict: 'indeterminate', trust: 'expired', subIndication: 'OUT_OF_BOUNDS_NO_POE' },
    ],
    [
      'an intermediate that is missing',
      { identity: below },
      { verdict: 'indeterminate', subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' },
    ],
    [
      'an intermediate from the pool',
      { identity: below, intermediates: [middle.der], crls: [crl(), ecCrl()] },
      { verdict: 'indeterminate', subIndication: 'TRY_LATER' },
    ],
    [
      'an intermediate that was revoked',
      { identity: below, intermediates: [middle.der], crls: [crl([0x44])] },
      { verdict: 'indeterminate', trust: 'revoked', subIndication: 'REVOKED_CA_NO_POE' },
    ],
    [
      'an issuer whose key is too short',
      { identity: belowWeak, intermediates: [weak.der], crls: [crl(), makeCrl(weak, fresh)] },
      {
        verdict: 'indeterminate',
        trust: 'trusted',
        subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
      },
    ],
  ];
  for (const [what, given, expected] of cases) {
    it(`with ${what}: ${Object.values(expected).join(', ')}`, async () => {
      const { report, signature } = await verdictOf(given);
      expect(signature).to.include(expected);
      expect(report.verdict).to.equal(expected.verdict);
      expect(report.documentIntegrity).to.equal('intact');
      expect(signature.reasons[0]?.next?.vi).to.be.a('string');
    });
  }

  /** makeCrl signs as RSA: here only a list that is not the intermediate's own. */
  function ecCrl(): Uint8Array {
    return makeCrl(stranger, fresh);
  }

  it('is judged for the moment that is asked for', async () => {
    const { signature } = await verdictOf({ at: new Date('2026-05-30T00:00:00Z') });
    expect(signature.subIndication).to.equal('SIG_CONSTRAINTS_FAILURE');
    expect((await verdictOf({ at: now })).signature.verdict).to.equal('valid');
  });

  it('of a file is that of its weakest signature', async () => {
    const file = await signed(await signed(pdf, leader, { field: 'ky' }), agency, { field: 'dau' });
    const report = judged(file, { crls: [crl([0x22])] });
    expect(reportOn(report, 'ky').verdict).to.equal('valid');
    expect(reportOn(report, 'dau').verdict).to.equal('invalid');
    expect(report).to.include({ verdict: 'invalid', documentIntegrity: 'intact' });
  });
});
