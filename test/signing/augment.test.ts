import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { EvidenceError } from '../../server/evidence/errors.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { addValidationData, vriKey } from '../../server/pdf/security-store/add-validation-data.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { IncrementalUpdate } from '../../server/pdf/update/incremental-update.ts';
import type { Certificate } from '../../server/pki/certificate.ts';
import { augmentFile } from '../../server/signing/augment-file.ts';
import { PrivateKeyProvider } from '../../server/signing/private-key-provider.ts';
import { timeStampPdf } from '../../server/signing/time-stamp-pdf.ts';
import * as pki from '../pki/authority.ts';
import { missingPdfJudges, pdfJudges } from './judges.ts';
import { LevelsWorld } from './levels-world.ts';
import { codeOf } from './providers.ts';
import { samplePdf } from './sample-pdf.ts';

const today = '2026-06-01T00:00:00Z';
const nextMonth = '2026-07-01T00:00:00Z';
const afterSigner = '2028-01-01T00:00:00Z';
const afterTsa = '2030-01-01T00:00:00Z';

describe('signing for the long term', () => {
  for (const level of ['B-LT', 'B-LTA'] as const) {
    it(`at ${level} is proven by the file alone, also when the certificate has expired${missingPdfJudges}`, async () => {
      const world = new LevelsWorld();
      const source = samplePdf();
      const file = await world.signed({ level }, source);
      expect(file.subarray(0, source.length).equals(source)).to.equal(true);
      for (const at of [today, nextMonth, afterSigner]) {
        expect(world.report(file, at), at).to.include({ verdict: 'valid', level, signingTimeProven: true });
      }
      expect(world.report(file, afterTsa)).to.include({ verdict: 'indeterminate' });
      if (!missingPdfJudges) expect(pdfJudges(file).valid).to.equal(1);
    });
  }

  it('leaves signatures of others as they are', async () => {
    const world = new LevelsWorld();
    const theirs = await world.signed({ field: 'khac' });
    const file = await world.signed({ level: 'B-LT' }, theirs);
    expect(world.report(file, today)).to.include({ verdict: 'valid', level: 'B-LT' });
    expect(world.report(file, today, 'khac')).to.include({
      level: 'B-B',
      integrity: 'intact',
      permitted: true,
    });
  });

  it('is refused as a whole when revocation data cannot be had', async () => {
    const world = new LevelsWorld();
    const none = () => Promise.reject(new EvidenceError('evidence.no_revocation_data', 'all are down'));
    const refused = world.signed({ level: 'B-LT', revocations: { evidence: none } });
    expect(await codeOf(refused)).to.equal('evidence.no_revocation_data');
  });

  it('is refused when the certificate is revoked, or leads to no root', async () => {
    const world = new LevelsWorld();
    world.revocations.revoked.set(world.signer.certificate.fingerprint, new Date('2026-05-01T00:00:00Z'));
    expect(await codeOf(world.signed({ level: 'B-LT' }))).to.equal('signing.certificate_revoked');
    const other = pki.authority('Other', { key: 0 }).certificate;
    const lost = new LevelsWorld().signed({ level: 'B-LTA', anchors: [{ certificate: other }] });
    expect(await codeOf(lost)).to.equal('signing.no_chain');
  });
});

describe('raising the level of a signed file', () => {
  it('gives a B-B signature its time by a document time stamp, then the proofs, then the archive time stamp', async () => {
    const world = new LevelsWorld();
    let file = await world.signed();
    for (const level of ['B-T', 'B-LT', 'B-LTA'] as const) {
      const before = file;
      file = await world.augmented(before, level);
      expect(file.subarray(0, before.length).equals(before), level).to.equal(true);
      expect(world.report(file, today), level).to.include({ level, integrity: 'intact', permitted: true });
    }
    for (const at of [today, afterSigner]) expect(world.report(file, at).verdict).to.equal('valid');
    expect(openPdf(bytesSource(file)).revisions.length).to.equal(5);
  });

  it('asks for nothing that is there, and writes nothing when there is nothing to do', async () => {
    const world = new LevelsWorld();
    const file = await world.signed({ level: 'B-LT' });
    world.revocations.asked.length = 0;
    expect(await world.augment(file, 'B-LT')).to.deep.include({
      appended: new Uint8Array(),
      signatures: [{ field: 'ky', level: 'B-LT' }],
      warnings: [],
    });
    expect(world.revocations.asked).to.deep.equal([]);
  });

  it('renews archive time stamps, so that the first may expire', async () => {
    const world = new LevelsWorld();
    const first = await world.signed({ level: 'B-LTA' });
    world.now = new Date('2028-06-01T00:00:00Z');
    const renewed = await world.augmented(first, 'B-LTA', { stamper: world.stamper(world.laterTsa) });
    expect(world.report(first, afterTsa).verdict).to.equal('indeterminate');
    expect(world.report(renewed, afterTsa)).to.include({ verdict: 'valid', level: 'B-LTA' });
    expect(world.report(renewed, afterTsa).signingTime).to.equal('2026-06-01T00:00:00.000Z');
    // The signer's certificate had expired: nobody was asked about it again.
    world.now = new Date('2035-06-01T00:00:00Z');
    world.revocations.asked.length = 0;
    const again = await world.augmented(renewed, 'B-LTA', { stamper: world.stamper(world.laterTsa) });
    expect(world.report(again, '2035-12-01T00:00:00Z')).to.include({ verdict: 'valid', level: 'B-LTA' });
    expect(world.revocations.asked.join()).to.include('TSA 2').and.not.include('Signer');
  });

  it('comes too late when the last archive time stamp can no longer be proven', async () => {
    const world = new LevelsWorld();
    const first = await world.signed({ level: 'B-LTA' });
    world.now = new Date(afterTsa);
    const late = world.augment(first, 'B-LTA', { stamper: world.stamper(world.laterTsa) });
    expect(await codeOf(late)).to.equal('signing.no_chain');
  });

  it('keeps each certificate, answer and list once, and says of each signature which are its own', async () => {
    const world = new LevelsWorld();
    const file = await world.augmented(await world.signed({ level: 'B-LTA' }), 'B-LTA');
    const document = openPdf(bytesSource(file));
    const store = document.dict(document.catalog.get('DSS'));
    for (const key of ['Certs', 'OCSPs', 'CRLs']) {
      const bytes = (document.array(store?.get(key)) ?? []).map((item) => {
        const stream = document.stream(item);
        return stream ? Buffer.from(document.decode(stream)).toString('hex') : '';
      });
      expect(bytes.length, key).to.be.greaterThan(0);
      expect(new Set(bytes).size, key).to.equal(bytes.length);
    }
    const vri = document.dict(store?.get('VRI'));
    const [signature] = listSignatures(document);
    const own = document.dict(vri?.get(vriKey(signature?.contents ?? new Uint8Array())));
    expect([...(own?.keys() ?? [])]).to.include.members(['Cert', 'OCSP', 'CRL']);
    expect(document.dict(document.dict(document.catalog.get('Extensions'))?.get('ESIC'))).to.not.equal(
      undefined,
    );
  });

  it('waits for revocation data newer than the signature when told to', async () => {
    const world = new LevelsWorld();
    const file = await world.signed({ level: 'B-T' });
    const stale = world.revocationsWith({ age: 3_600_000 });
    expect(await codeOf(world.augment(file, 'B-LT', { newerData: true, revocations: stale }))).to.equal(
      'evidence.no_revocation_data',
    );
    const { signatures } = await world.augment(file, 'B-LT', { revocations: stale });
    expect(signatures).to.deep.equal([{ field: 'ky', level: 'B-LT' }]);
  });

  it('writes the store after a signature whose proofs an earlier one brought: others look for them only there', async () => {
    const world = new LevelsWorld();
    const revocations = world.revocationsWith({ byCrl: [world.root, world.issuing] });
    const first = await world.signed({ level: 'B-LT', revocations });
    const second = await world.signed({ level: 'B-LT', revocations, field: 'second' }, first);
    const { revisions } = openPdf(bytesSource(second));
    // The file itself, then each signature with its store.
    expect(revisions).to.have.length(5);
    expect((await world.augment(second, 'B-LT', { revocations })).appended).to.have.length(0);
  });

  it('takes revocation data that was issued a moment after it began to ask', async () => {
    const world = new LevelsWorld();
    const file = await world.signed();
    const { signatures } = await world.augment(file, 'B-LT', {
      revocations: world.revocationsWith({ age: -2000 }),
    });
    expect(signatures).to.deep.equal([{ field: 'ky', level: 'B-LT' }]);
  });

  it('warns where a certification forbids every change, which proofs are not', async () => {
    const world = new LevelsWorld();
    const { appended, warnings } = await world.augment(await world.signed({ docMdp: 1 }), 'B-LTA');
    expect(warnings).to.deep.equal(['certified_against_changes']);
    expect(appended.length).to.be.greaterThan(0);
  });

  it('keeps what a revocation after the proven time says, which does no harm', async () => {
    const world = new LevelsWorld();
    const file = await world.signed({ level: 'B-T' });
    world.now = new Date('2026-06-10T00:00:00Z');
    world.revocations.revoked.set(world.signer.certificate.fingerprint, new Date('2026-06-05T00:00:00Z'));
    const raised = await world.augmented(file, 'B-LT');
    expect(world.report(raised, nextMonth)).to.include({ verdict: 'valid', level: 'B-LT' });
  });

  it('fetches issuers that the signature did not bring along, and puts them into the file', async () => {
    const world = new LevelsWorld();
    const alone = new PrivateKeyProvider(world.signer.privateKey, world.signer.certificate, []);
    const file = await world.signed({ provider: alone });
    expect(await codeOf(world.augment(file, 'B-LT'))).to.equal('signing.no_chain');
    const asked: string[] = [];
    const issuers = async ({ subject }: Certificate): Promise<Certificate[]> => {
      asked.push(subject.toString());
      return [world.issuing.certificate];
    };
    const raised = await world.augmented(file, 'B-LT', { issuerSource: { issuers } });
    expect(asked).to.deep.equal(['CN=Signer']);
    expect(world.report(raised, afterSigner)).to.include({ verdict: 'valid', level: 'B-LT' });
  });

  it('takes a file that had to be repaired before it was signed', async () => {
    const world = new LevelsWorld();
    const damaged = samplePdf();
    damaged.write('startxref\n99999\n', damaged.indexOf('startxref'), 'latin1');
    const file = await world.signed({ level: 'B-LTA' }, damaged);
    expect(world.report(file, today)).to.include({ verdict: 'valid', level: 'B-LTA' });
  });

  it('is refused for a file without signature, and for one whose signature is broken', async () => {
    const world = new LevelsWorld();
    expect(await codeOf(world.augment(samplePdf(), 'B-T'))).to.equal('signing.nothing_to_augment');
    const broken = await world.signed();
    broken[40] = (broken[40] ?? 0) ^ 1;
    expect(await codeOf(world.augment(broken, 'B-T'))).to.be.oneOf(['signing.not_intact', 'pdf.not_a_pdf']);
  });
});

describe('the level that verification names', () => {
  it('is B-LT exactly when every answer and every certificate is in the file', async () => {
    const world = new LevelsWorld();
    const stamped = await world.signed({ level: 'B-T' });
    const full = await world.signed({ level: 'B-LT' });
    const document = openPdf(bytesSource(full));
    const store = document.dict(document.catalog.get('DSS'));
    const streams = (key: string): Uint8Array[] =>
      (document.array(store?.get(key)) ?? []).flatMap((item) => {
        const stream = document.stream(item);
        return stream ? [document.decode(stream)] : [];
      });
    const [certificates, ocsps, crls] = [streams('Certs'), streams('OCSPs'), streams('CRLs')];
    // What is in the signature or the token need not be in the store; the root is trusted, and ends each chain.
    const spared = new Set(
      [world.root, world.issuing, world.signer, world.tsa, world.responder].map(({ certificate }) =>
        Buffer.from(certificate.der).toString('hex'),
      ),
    );
    const needed = [...certificates, ...ocsps, ...crls].filter(
      (der) => !spared.has(Buffer.from(der).toString('hex')),
    );
    expect(needed.length).to.be.greaterThan(1);
    await fc.assert(
      fc.asyncProperty(fc.subarray(needed), async (kept) => {
        const update = new IncrementalUpdate(openPdf(bytesSource(stamped)));
        const [signature] = listSignatures(update.doc);
        addValidationData(update, [
          {
            contents: signature?.contents ?? new Uint8Array(),
            certificates,
            ocsps: ocsps.filter((der) => kept.includes(der)),
            crls: crls.filter((der) => kept.includes(der)),
          },
        ]);
        const file = Buffer.concat([stamped, update.finish().bytes]);
        expect(world.report(file, today).level).to.equal(kept.length === needed.length ? 'B-LT' : 'B-T');
      }),
      { numRuns: 20 },
    );
  });

  it('is not B-LTA for a time stamp that came before the proofs', async () => {
    const world = new LevelsWorld();
    const twice = await world.signed({ level: 'B-T' });
    const { appended } = await timeStampPdf(bytesSource(twice), world.stamper());
    const file = await world.augmented(Buffer.concat([twice, appended]), 'B-LT');
    expect(world.report(file, today)).to.include({ level: 'B-LT', verdict: 'valid' });
  });
});

describe('raising a file on the disk', () => {
  it('leaves nothing when the disk is full', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'anso-raise-'));
    try {
      const world = new LevelsWorld();
      const input = join(folder, 'in.pdf');
      writeFileSync(input, await world.signed());
      const full = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
      const raised = augmentFile(input, join(folder, 'out.pdf'), world.options('B-LTA'), {
        ...{ rename, unlink },
        open: async (path, flags, mode) => {
          const handle = await open(path, flags, mode);
          return Object.assign(Object.create(handle), {
            write: full,
            sync: () => handle.sync(),
            close: () => handle.close(),
          });
        },
      });
      expect(await codeOf(raised)).to.equal('signing.disk_full');
      expect(readdirSync(folder)).to.deep.equal(['in.pdf']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
