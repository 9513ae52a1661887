import { createHash, sign } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { CodedError } from '../../../server/errors/coded-error.ts';
import { bytesSource } from '../../../server/pdf/byte-source.ts';
import { PdfDict, PdfName, PdfRef } from '../../../server/pdf/objects.ts';
import { openPdf } from '../../../server/pdf/open-pdf.ts';
import { parseCertificate } from '../../../server/pki/certificate.ts';
import { completeDeferred } from '../../../server/signing/deferred/complete-deferred.ts';
import { type DeferredRequest, prepareDeferred } from '../../../server/signing/deferred/prepare-deferred.ts';
import { restoreSignature } from '../../../server/signing/deferred/restore-signature.ts';
import {
  base64,
  type DeferredState,
  packed,
  readState,
  unpacked,
} from '../../../server/signing/deferred/state.ts';
import { freshKeys, makeIdentity } from '../identities.ts';
import { clock, codeOf, collectingSink } from '../providers.ts';
import { samplePdf } from '../sample-pdf.ts';

const DAY = 86_400_000;

/** Each test is a state that comes back changed by somebody who may even have the key sign what they like. */
describe('a deferred state that comes back', () => {
  const pdf = samplePdf();
  const source = bytesSource(pdf);
  const signer = makeIdentity('p-256');
  const certificate = parseCertificate(signer.der);
  const later = (days: number) => ({ now: () => new Date(clock.now().getTime() + days * DAY) });

  const prepare = async (changes: Partial<DeferredRequest> = {}): Promise<DeferredState> =>
    (await prepareDeferred({ source, certificate, clock, waitDays: 7, ...changes })).state;

  /** The key signs whatever the state says, as a person does who sees only a digest. */
  async function valueFor(state: DeferredState): Promise<Uint8Array> {
    const { toBeSigned } = await restoreSignature(state, source);
    return sign('sha256', toBeSigned, signer.privateKey);
  }
  const completing = (state: DeferredState, value: Uint8Array, now = clock) =>
    completeDeferred({
      ...{ state, value, source, clock: now },
      ...{ sink: collectingSink(), context: { channel: 'deferred' as const } },
    });
  /** The state with another update, all its digests made to fit. */
  function withAppended(state: DeferredState, appended: Uint8Array): DeferredState {
    const file = Buffer.concat([pdf, appended]);
    const [, a = 0, b = 0] = state.byteRange;
    const byteRange = [0, a, b, file.length - b];
    const digest = createHash('sha256').update(file.subarray(0, a)).update(file.subarray(b)).digest();
    return { ...state, appended: packed(appended), byteRange, contentDigest: base64(digest) };
  }
  it('is completed when nobody touched it', async () => {
    const state = await prepare();
    const { field, level } = await completing(state, await valueFor(state), later(6.9));
    expect({ field, level }).to.deep.equal({ field: 'Signature1', level: 'B-B' });
  });

  it('is completed when it certifies the document', async () => {
    const state = await prepare({ docMdp: 2 });
    expect((await completing(state, await valueFor(state))).field).to.equal('Signature1');
  });

  it('is too late after its time, whatever time it says', async () => {
    const state = await prepare();
    const value = await valueFor(state);
    expect(await codeOf(completing(state, value, later(7.1)))).to.equal('signing.deferred_expired');
    const prolonged = { ...state, expiresAt: '2049-01-01T00:00:00.000Z' };
    expect(await codeOf(completing(prolonged, value, later(31)))).to.equal('signing.deferred_expired');
    expect(await codeOf(completing(state, value, later(-1)))).to.equal('signing.state_invalid');
    const endless = { ...state, expiresAt: '2026-99-99T99:99:99.999Z' };
    expect(await codeOf(completing(endless, value))).to.equal('signing.state_invalid');
  });

  it('is refused when its update also changes the document', async () => {
    const { catalogRef } = openPdf(source);
    const changes: DeferredRequest['prepare'][] = [
      (update) => update.set(new PdfRef(4), PdfName.of('evil')),
      (update) => update.set(catalogRef, update.catalog.with({ OpenAction: new PdfRef(3) })),
      (update) => update.set(catalogRef, update.catalog.with({ Perms: new PdfDict() })),
    ];
    for (const prepareToo of changes) {
      const state = await prepare({ ...(prepareToo && { prepare: prepareToo }) });
      expect(await codeOf(completing(state, Buffer.alloc(70, 1))), String(prepareToo)).to.equal(
        'signing.state_invalid',
      );
    }
  });

  it('is refused with bytes before, behind or after its update', async () => {
    const state = await prepare();
    const appended = Buffer.from(unpacked(state.appended));
    const evil = Buffer.from('9 0 obj\n(evil)\nendobj\n');
    for (const forged of [Buffer.concat([appended, evil]), Buffer.concat([appended, appended])]) {
      expect(await codeOf(restoreSignature(withAppended(state, forged), source))).to.equal(
        'signing.state_invalid',
      );
    }
  });

  it('is refused when more than /Contents stays unsigned', async () => {
    const state = await prepare();
    const [start = 0, a = 0, b = 0, rest = 0] = state.byteRange;
    for (const byteRange of [
      [start, a - 4, b, rest],
      [start, a, b + 4, rest - 4],
      [start, 10, b, rest],
      [1, a, b, rest],
      [start, a, b, rest + 1],
      [start, b, a, rest],
    ]) {
      const forged = { ...state, byteRange };
      expect(await codeOf(restoreSignature(forged, source)), String(byteRange)).to.match(
        /^signing\.(state_invalid|source_changed)$/,
      );
    }
  });

  it('is refused when its update holds no empty PAdES signature', async () => {
    const state = await prepare();
    const replaced = (from: string, to: string): DeferredState => {
      const text = Buffer.from(unpacked(state.appended)).toString('latin1');
      expect(text).to.include(from);
      return withAppended(state, Buffer.from(text.replace(from, to), 'latin1'));
    };
    for (const forged of [
      replaced('ETSI.CAdES.detached', 'adbe.pkcs7.detached'),
      replaced('<0000', '<00ff'),
      replaced('/M ', '/X '),
    ]) {
      expect(await codeOf(restoreSignature(forged, source))).to.equal('signing.state_invalid');
    }
  });

  it('is refused with white space in the place of its value', async () => {
    const state = await prepare();
    const appended = Buffer.from(unpacked(state.appended));
    appended[(state.byteRange[2] ?? 0) - source.length - 2] = 0x20;
    const changed = withAppended(state, appended);
    expect(await codeOf(valueFor(changed))).to.equal('signing.state_invalid');
  });

  it('is refused when it brings another certificate or algorithm', async () => {
    const state = await prepare();
    const value = await valueFor(state);
    const other = makeIdentity('p-256', { keys: freshKeys('p-256') });
    const swapped = { ...state, certificate: base64(other.der) };
    expect(await codeOf(completing(swapped, value))).to.equal('signing.wrong_value');
    const algorithms: [string, string, string][] = [
      ['rsa-pss', 'SHA-256', 'signing.state_invalid'],
      ['ecdsa', 'SHA-1', 'signing.algorithm_refused'],
      ['none', 'none', 'signing.algorithm_refused'],
    ];
    for (const [scheme, digestAlgorithm, code] of algorithms) {
      const forged = { ...state, algorithm: { scheme, digestAlgorithm } };
      expect(await codeOf(completing(forged, value)), scheme).to.equal(code);
    }
  });

  it('embeds no certificate that did not issue the one before it', async () => {
    const state = await prepare();
    const stranger = makeIdentity('rsa-2048', { ca: true, subject: 'Stranger' });
    const { cms } = await restoreSignature({ ...state, chain: [base64(stranger.der)] }, source);
    expect(cms.chain).to.deep.equal([]);
  });

  it('unpacks to no more than an update may have', async () => {
    const state = await prepare();
    const bomb = packed(Buffer.alloc(65 * 1024 * 1024));
    expect(await codeOf(restoreSignature({ ...state, appended: bomb }, source))).to.equal(
      'signing.state_invalid',
    );
  });

  it('is never anything but completed as it was or refused with a code, however it is changed', async () => {
    const state = await prepare();
    const value = await valueFor(state);
    const text = JSON.stringify(state);
    const mutation = fc.record({
      at: fc.nat(text.length - 1),
      to: fc.constantFrom('0', 'A', '"', '}', 'ff', ''),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
        const changed = mutations.reduce(
          (now, { at, to }) => now.slice(0, at) + to + now.slice(at + 1),
          text,
        );
        try {
          const { appended } = await completing(readState(changed), value);
          expect(appended).to.deep.equal((await completing(state, value)).appended);
        } catch (error) {
          if (!(error instanceof CodedError)) throw error;
        }
      }),
      { numRuns: 150 },
    );
  });
});
