import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { DocumentRecord } from '../../server/documents/document-record.ts';
import { readBlob } from '../../server/documents/read-blob.ts';
import type { DocumentServices } from '../../server/documents/services.ts';
import { StorageError, type StorageErrorCode } from '../../server/storage/errors.ts';
import { signatureFacts } from '../signing/judges.ts';
import { type Fault, faultyStore } from './faulty-store.ts';
import {
  clerk,
  codeOf,
  leader,
  type Office,
  openOffice,
  register,
  release,
  sign,
  toSigning,
} from './office.ts';

/** What is signed, numbered, sealed and released, each under a request of its own. */
const acts: readonly ((deps: DocumentServices, document: DocumentRecord) => Promise<DocumentRecord>)[] = [
  (deps, document) => sign(deps, leader, document, 'request-sign'),
  (deps, document) => register(deps, document, 'request-number'),
  (deps, document) => sign(deps, clerk, document, 'request-seal'),
  (deps, document) => release(deps, document, 'request-release'),
];

/** The whole job with a fault in one of its writes; what failed is asked for again, of a healthy store. */
async function runWith(
  office: Office,
  fault: Fault,
): Promise<{ document: DocumentRecord; hit: boolean; errors: string[] }> {
  let document = await toSigning(office.deps);
  const store = faultyStore(office.store, fault);
  const errors: string[] = [];
  let deps = await office.with(store);
  for (const act of acts) {
    const before = document;
    try {
      document = await act(deps, before);
    } catch (error) {
      errors.push(await codeOf(Promise.reject(error)));
      if (fault.dead) deps = office.deps;
      document = await act(deps, before);
    }
  }
  return { document, hit: store.writes() >= fault.at, errors };
}

async function checkWhole(office: Office, document: DocumentRecord, run: number): Promise<void> {
  expect(document.numbering?.number).to.equal(run);
  const rows = await office.store.registers.rows('H12/outgoing/QĐ/2026');
  expect(rows.map(({ number }) => number)).to.deep.equal(rows.map((_, index) => index + 1));
  expect(
    rows.filter(({ documentId }) => documentId === document.id).map(({ number }) => number),
  ).to.deep.equal([run]);
  expect(document.signatures).to.have.length(2);
  expect(document.released).to.not.equal(undefined);
  const bytes = await readBlob(office.store.blobs, document.content.at(-1)?.sha256 ?? '');
  expect(signatureFacts(bytes).map(({ signatureValid }) => signatureValid)).to.deep.equal([true, true]);
  expect(await readdir(join(office.folder, 'blobs', 'tmp'))).to.deep.equal([]);
}

async function outcomes(office: Office, { id }: DocumentRecord): Promise<Record<string, number>> {
  const usage = (await office.usage()).filter(({ documentId }) => documentId === id);
  const count = (wanted: string) => usage.filter(({ outcome }) => outcome === wanted).length;
  return { signed: count('signed'), failed: count('failed'), refused: count('refused') };
}

describe('The way from signing to release, with a fault at each write in turn', () => {
  let office: Office;
  beforeEach(async () => {
    office = await openOffice();
  });
  afterEach(() => office.close());

  for (const after of [false, true]) {
    it(`a crash ${after ? 'after' : 'before'} the write is done: one number, each signature counted once`, async () => {
      let at = 0;
      for (let hit = true; hit; ) {
        at += 1;
        const run = await runWith(office, { at, after, dead: true });
        hit = run.hit;
        await checkWhole(office, run.document, at);
        const counted = { signed: 2, failed: 0, refused: 0 };
        expect(await outcomes(office, run.document), `fault at write ${at}`).to.deep.equal(counted);
      }
      expect(at).to.be.greaterThan(9);
    });
  }

  const troubles: readonly [string, StorageErrorCode, boolean][] = [
    ['no room on the disk or a locked database', 'storage.full', false],
    ['an answer that is lost', 'storage.unavailable', true],
  ];
  for (const [trouble, first, after] of troubles) {
    it(`${trouble}: a coded error, no half file, no lost number, no signature uncounted`, async () => {
      for (let at = 1, hit = true; hit; at++) {
        const code = at % 2 === 0 ? 'storage.busy' : first;
        const run = await runWith(office, { at, after, dead: false, code });
        hit = run.hit;
        await checkWhole(office, run.document, at);
        if (!after && hit) expect(run.errors).to.deep.equal([code]);
        const { signed, failed, refused } = await outcomes(office, run.document);
        expect([signed, refused], `fault at write ${at}`).to.deep.equal([2, 0]);
        expect(failed).to.be.at.most(run.errors.length);
      }
    });
  }

  it('a signature whose file found no room is counted as failed, and the document is as before', async () => {
    const before = await toSigning(office.deps);
    const deps = await office.with(
      faultyStore(office.store, { at: 1, after: false, dead: false, code: 'storage.full' }),
    );
    expect(await codeOf(sign(deps, leader, before, 'request'))).to.equal('storage.full');
    const [event] = await office.usage();
    expect(event).to.include({
      outcome: 'failed',
      code: 'storage.full',
      documentId: before.id,
      step: 'leader-sign',
    });
    const now = await deps.documents.get(before.id);
    expect(now).to.deep.include({ content: [], signatures: [], workflow: before.workflow });
    expect(now?.history.at(-1)?.type).to.equal('document.sign_refused');
  });

  it('when not even the document can be written, the failed signature goes straight to the ledger', async () => {
    const before = await toSigning(office.deps);
    const deps = await office.with(office.store);
    const locked: DocumentServices = {
      ...deps,
      documents: { ...deps.documents, get: (id) => deps.documents.get(id), replace: () => lockedOut() },
    };
    expect(await codeOf(sign(locked, leader, before, 'request'))).to.equal('storage.busy');
    expect(await outcomes(office, before)).to.deep.equal({ signed: 0, failed: 1, refused: 0 });
    await sign(deps, leader, before, 'request');
    expect(await outcomes(office, before)).to.deep.equal({ signed: 1, failed: 1, refused: 0 });
  });
});

async function lockedOut(): Promise<never> {
  throw new StorageError('storage.busy', 'locked');
}
