import { sign as signWith } from 'node:crypto';
import { expect } from 'chai';
import { readDer } from '../../server/asn1/read.ts';
import { completeSignature } from '../../server/documents/deferred/complete-signature.ts';
import { prepareSignature } from '../../server/documents/deferred/prepare-signature.ts';
import type { DocumentRecord } from '../../server/documents/document-record.ts';
import { ProofKeeper } from '../../server/documents/proof-keeper.ts';
import { readBlob } from '../../server/documents/read-blob.ts';
import type { DocumentServices } from '../../server/documents/services.ts';
import { EvidenceError } from '../../server/evidence/errors.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import { CertificatePool } from '../../server/pki/certificate-pool.ts';
import { localTimeStamper, stampingParty } from '../evidence/time-stamp-authority.ts';
import type { Party } from '../pki/authority.ts';
import { localRevocations } from '../signing/evidence-kit.ts';
import type { Identity } from '../signing/identities.ts';
import { judged } from '../verification/files.ts';
import { faultyStore } from './faulty-store.ts';
import {
  authority,
  clerk,
  codeOf,
  leader,
  type Office,
  openOffice,
  openVisit,
  release,
  sign,
  toSealing,
  toSigning,
} from './office.ts';

const HOUR = 3_600_000;

const partyOf = ({ der, privateKey }: Identity): Party => ({
  certificate: parseCertificate(der),
  privateKey,
  name: readDer(der).at(0).at(5).bytes,
});

describe('Documents where time stamps can be had', () => {
  let office: Office;
  /** How old the newest revocation data is. */
  let age: number;
  let down: boolean;
  const root = partyOf(authority);
  const tsa = stampingParty(root, { key: 5 });

  beforeEach(async () => {
    age = 0;
    down = false;
    const stamper = localTimeStamper(tsa, { now: () => office.now });
    office = await openOffice({
      proofs: async () => ({
        stamper: down
          ? { ...stamper, stamp: () => Promise.reject(new EvidenceError('evidence.no_time_stamp', 'down')) }
          : stamper,
        revocations: localRevocations({
          parties: [root, tsa, ...Object.values(office.identities).map(partyOf)],
          now: () => office.now,
          age,
        }),
        anchors: [{ certificate: root.certificate }],
        pool: new CertificatePool(),
      }),
    });
  });
  afterEach(() => office.close());

  const run = (deps: DocumentServices = office.deps): Promise<number> => {
    office.now = new Date(office.now.getTime() + 1000);
    return new ProofKeeper(deps).run();
  };
  const released = async (): Promise<DocumentRecord> =>
    release(office.deps, await sign(office.deps, clerk, await toSealing(office.deps)));
  const reread = async ({ id }: DocumentRecord): Promise<DocumentRecord> => {
    const found = await office.deps.documents.get(id);
    if (!found) throw new Error('the document is gone');
    return found;
  };
  const levels = ({ signatures }: DocumentRecord): string[] => signatures.map(({ level }) => level);

  it('are signed at B-T, and raised to B-LT once they are released', async () => {
    const document = await released();
    expect(levels(document)).to.deep.equal(['B-T', 'B-T']);
    expect(await run()).to.equal(1);
    const raised = await reread(document);
    expect(levels(raised)).to.deep.equal(['B-LT', 'B-LT']);
    expect(raised.proofsDue).to.equal(undefined);
    expect(raised.content.slice(0, -1)).to.deep.equal(document.content);
    expect(raised.content.at(-1)).to.include({ made: 'augmented', by: 'system' });
    expect(raised.participants).to.deep.equal(document.participants);
    expect(raised.history.at(-1)).to.include({ type: 'document.level_raised', actor: 'system' });
    expect(await run()).to.equal(0);
  });

  it('are stamped as well when the key is elsewhere', async () => {
    const document = await toSigning(office.deps);
    const visit = openVisit(document);
    const { personal } = office.identities;
    const certificate = Buffer.from(personal.der).toString('base64');
    const waiting = await prepareSignature(office.deps, leader, document.id, { visit, certificate });
    const toBeSigned = Buffer.from(waiting.toSign.toBeSigned, 'base64');
    const signature = signWith('sha256', toBeSigned, personal.privateKey).toString('base64');
    const value = { visit, preparation: waiting.id, signature };
    expect(levels(await completeSignature(office.deps, leader, document.id, value))).to.deep.equal(['B-T']);
  });

  it('are then proven by the file alone, years later', async () => {
    await run();
    const document = await released();
    await run();
    const { content } = await reread(document);
    const [before, after] = await Promise.all(
      content.slice(-2).map(({ sha256 }) => readBlob(office.store.blobs, sha256)),
    );
    expect(after?.subarray(0, before?.length)).to.deep.equal(before);
    const report = judged(after ?? Buffer.alloc(0), {
      ...{ anchors: [authority.der], crls: [], at: new Date('2030-01-01T00:00:00Z') },
    });
    expect(report.verdict).to.equal('valid');
    expect(report.signatures.map(({ level }) => level)).to.deep.equal(['B-LT', 'B-LT']);
  });

  it('wait until there is revocation data newer than their signatures', async () => {
    age = HOUR;
    const document = await released();
    expect(await run()).to.equal(0);
    const waiting = await reread(document);
    expect(Date.parse(waiting.proofsDue ?? '')).to.equal(office.now.getTime() + HOUR);
    expect(waiting.history.length).to.equal(document.history.length);
    age = 0;
    expect(await run(), 'not asked again before its time').to.equal(0);
    office.now = new Date(office.now.getTime() + 2 * HOUR);
    expect(await run()).to.equal(1);
    expect(levels(await reread(document))).to.deep.equal(['B-LT', 'B-LT']);
  });

  it('are not signed at all when no time stamp can be had, which is counted', async () => {
    const document = await toSigning(office.deps);
    down = true;
    expect(await codeOf(sign(office.deps, leader, document))).to.equal('evidence.no_time_stamp');
    expect((await reread(document)).signatures).to.deep.equal([]);
    expect((await office.usage()).map(({ outcome, code }) => [outcome, code])).to.deep.equal([
      ['failed', 'evidence.no_time_stamp'],
    ]);
    down = false;
    expect(levels(await sign(office.deps, leader, document))).to.deep.equal(['B-T']);
  });

  for (const after of [false, true]) {
    it(`are raised once, whatever write a crash comes ${after ? 'after' : 'before'}`, async () => {
      const document = await released();
      for (const at of [1, 2]) {
        const faulty = faultyStore(office.store, { at, after, dead: true });
        await run(await office.with(faulty));
      }
      await run();
      const raised = await reread(document);
      expect(raised.content.filter(({ made }) => made === 'augmented')).to.have.length(1);
      expect(raised.history.filter(({ type }) => type === 'document.level_raised')).to.have.length(1);
      expect(levels(raised)).to.deep.equal(['B-LT', 'B-LT']);
    });
  }
});
