import { expect } from 'chai';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { KeyProvider } from '../../server/signing/key-provider.ts';
import { MeteredKeyProvider } from '../../server/signing/metered-key-provider.ts';
import { signPdf } from '../../server/signing/sign-pdf.ts';
import { type UsageContext, UsageMeter, type UsageSink } from '../../server/signing/usage-meter.ts';
import { clock, codeOf, collectingSink, makeProvider } from './providers.ts';
import { samplePdf } from './sample-pdf.ts';

const algorithm = { scheme: 'ecdsa', digestAlgorithm: 'SHA-256' } as const;
const message = Buffer.from('x');

describe('a metered key', () => {
  const metered = (
    sink: UsageSink,
    key: KeyProvider = makeProvider('p-256'),
    context: UsageContext = { channel: 'cli' },
  ) => new MeteredKeyProvider(key, new UsageMeter({ sink, context, clock }));
  const sign = (provider: KeyProvider, pdf: Uint8Array = samplePdf(), options = {}) =>
    signPdf({ source: bytesSource(pdf), provider, clock, ...options });

  const cases: readonly [string, (provider: KeyProvider) => Promise<unknown>, string][] = [
    ['a signed PDF', (key) => sign(key), 'signed undefined'],
    ['a bare signature value', (key) => key.signature(message, algorithm), 'signed undefined'],
    ['a CMS for @signpdf', (key) => key.sign(message), 'signed undefined'],
    ['a file that is no PDF', (key) => sign(key, message), 'refused pdf.not_a_pdf'],
    [
      'a level without a time-stamp authority',
      (key) => sign(key, undefined, { level: 'B-LTA' }),
      'refused evidence.no_authority',
    ],
    [
      'a register that breaks',
      (key) => sign(key, undefined, { gate: { check: async () => Promise.reject(new Error('x')) } }),
      'failed signing.failed',
    ],
    [
      'an attempt given up',
      (key) => key.attempt(() => Promise.reject(new Error('gone'))),
      'failed signing.failed',
    ],
  ];
  for (const [name, use, expected] of cases) {
    it(`counts ${name} exactly once`, async () => {
      const sink = collectingSink();
      await codeOf(use(metered(sink)));
      expect(sink.events.map(({ outcome, code }) => `${outcome} ${code}`)).to.deep.equal([expected]);
    });
  }

  it('counts a device that fails as failed', async () => {
    const sink = collectingSink();
    expect(await codeOf(sign(metered(sink, new BrokenKey())))).to.equal('signing.self_check_failed');
    expect(sink.events).to.have.length(1);
    expect(sink.events[0]).to.include({ outcome: 'failed', code: 'signing.self_check_failed' });
  });

  it('does not hand a signature out that could not be counted', async () => {
    const sink = { record: () => Promise.reject(new RangeError('the ledger is gone')) };
    const result = await sign(metered(sink)).catch((thrown: unknown) => thrown);
    expect(result).to.be.instanceOf(RangeError);
  });

  it('tells why it refused even when the refusal could not be counted', async () => {
    const sink = { record: () => Promise.reject(new RangeError('the ledger is gone')) };
    expect(await codeOf(sign(metered(sink), message))).to.equal('pdf.not_a_pdf');
  });

  it('makes one signature an attempt, and none after it', async () => {
    const sink = collectingSink();
    const provider = metered(sink);
    let kept: KeyProvider | undefined;
    await provider.attempt(async (key) => {
      kept = key;
      await key.signature(message, algorithm);
      expect(await codeOf(key.signature(message, algorithm))).to.equal('signing.key_failed');
    });
    expect(await codeOf(kept?.signature(message, algorithm) ?? Promise.resolve())).to.equal(
      'signing.key_failed',
    );
    expect(sink.events).to.have.length(1);
  });

  it('takes the id of an attempt from its caller, so that a repeated request is counted once', async () => {
    const sink = collectingSink();
    let attempt = 0;
    const context = { channel: 'server', eventId: () => `attempt-${++attempt}`, step: 'ky' } as const;
    const provider = metered(sink, undefined, context);
    await sign(provider);
    await sign(provider);
    expect(sink.events.map(({ id }) => id)).to.deep.equal(['attempt-1', 'attempt-2']);
    expect(sink.events[0]).to.deep.equal({
      id: 'attempt-1',
      certificate: provider.certificate.fingerprint,
      time: '2026-06-15T03:00:00.000Z',
      outcome: 'signed',
      channel: 'server',
      step: 'ky',
    });
  });
});

class BrokenKey extends KeyProvider {
  readonly certificate = makeProvider('p-256').certificate;
  readonly chain = [];
  signature = async (): Promise<Uint8Array> => Buffer.from('3006020101020101', 'hex');
}
