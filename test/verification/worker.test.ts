import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { VerificationWorker } from '../../server/verification/verification-worker.ts';
import { crl, fingerprintOf, formPdf, leader, now, root, signed } from './files.ts';

describe('the verification worker', () => {
  let folder: string;
  let file: string;
  let worker: VerificationWorker;
  const trust = { anchors: [root.der], intermediates: [], crls: [crl()] };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'anso-worker-'));
    file = join(folder, 'signed.pdf');
    writeFileSync(file, await signed(formPdf(), undefined, { field: 'ky' }));
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => worker.close());

  it('judges one file after another, with the evidence of each verdict', async () => {
    worker = new VerificationWorker({ milliseconds: 30_000, waiting: 10 });
    const [first, second, untrusting] = await Promise.all([
      worker.verify(file, trust, now),
      worker.verify(file, trust, now),
      worker.verify(file, { anchors: [], intermediates: [], crls: [] }, now),
    ]);
    expect([first, second, untrusting].map(({ report }) => report.verdict)).to.deep.equal([
      'valid',
      'valid',
      'indeterminate',
    ]);
    expect(first.evidence.certificates).to.have.length(2);
    expect(first.evidence.crls.map((der) => Buffer.from(der))).to.deep.equal([Buffer.from(crl())]);
    expect(first.report.signatures[0]?.certificates.at(-1)?.fingerprint).to.equal(fingerprintOf(leader));
  });

  it('gives up a file that takes too long, and judges the next', async () => {
    worker = new VerificationWorker({ milliseconds: 1, waiting: 10 });
    const { report } = await worker.verify(file, trust, now);
    expect(report).to.include({ verdict: 'unreadable', code: 'verification.timed_out' });
    expect((await worker.verify(file, trust, now)).report.code).to.equal('verification.timed_out');
  });

  it('turns away more files than may wait', async () => {
    worker = new VerificationWorker({ milliseconds: 30_000, waiting: 1 });
    const accepted = [worker.verify(file, trust, now), worker.verify(file, trust, now)];
    const refused = await worker.verify(file, trust, now).catch(({ code }) => code);
    expect(refused).to.equal('verification.busy');
    expect((await Promise.all(accepted)).map(({ report }) => report.verdict)).to.deep.equal([
      'valid',
      'valid',
    ]);
  });

  it('fails for a file that is gone, and goes on', async () => {
    worker = new VerificationWorker({ milliseconds: 30_000, waiting: 10 });
    const gone = worker.verify(join(folder, 'gone.pdf'), trust, now).catch(({ code }) => code);
    const next = worker.verify(file, trust, now);
    expect(await gone).to.equal('ENOENT');
    expect((await next).report.verdict).to.equal('valid');
  });
});
