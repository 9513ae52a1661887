import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { addFile } from '../../server/batches/add-file.ts';
import type { SigningBatch } from '../../server/batches/batch-record.ts';
import { BatchRuns } from '../../server/batches/batch-runs.ts';
import { type CreateBatch, createBatch } from '../../server/batches/create-batch.ts';
import { downloadItem, listItems, progressOf, stateOf } from '../../server/batches/get-batch.ts';
import { presentBatch, presentItem } from '../../server/batches/presenter.ts';
import { type BatchServices, batchServices } from '../../server/batches/services.ts';
import { startBatch } from '../../server/batches/start-batch.ts';
import { stopBatch } from '../../server/batches/stop-batch.ts';
import { batchSigning } from '../../server/documents/batch-signing.ts';
import { textOfError } from '../../server/http/error-table.ts';
import type { Actor } from '../../server/platform/route.ts';
import { BeginThread } from '../../server/signing/thread/begin-in-thread.ts';
import {
  clerk,
  codeOf,
  leader,
  type Office,
  openOffice,
  openVisit,
  PIN,
  sign,
  toSigning,
} from '../documents/office.ts';
import { signatureFacts } from '../signing/judges.ts';
import { samplePdf } from '../signing/sample-pdf.ts';

describe('A signing batch', () => {
  let office: Office;
  let thread: BeginThread;
  let deps: BatchServices;

  before(() => {
    thread = new BeginThread(30_000);
  });
  after(() => thread.close());
  beforeEach(async () => {
    office = await openOffice();
    deps = await servicesOf(office);
    await mkdir(deps.limits.temporaryFolder, { recursive: true });
  });
  afterEach(async () => {
    await deps.runs.close();
    await office.close();
  });

  const servicesOf = (from: Office): Promise<BatchServices> =>
    batchServices({
      ...from.deps,
      keys: from.keys,
      thread,
      documents: batchSigning(from.deps),
      textOf: textOfError,
    });
  const add = async (batch: SigningBatch, pdf: Uint8Array, name = 'văn bản.pdf', request?: string) => {
    const path = join(office.folder, 'upload');
    await writeFile(path, pdf);
    return addFile(deps, leader, batch.id, { path, name }, request);
  };
  const batchOf = async (files: readonly Uint8Array[], wish: CreateBatch = {}): Promise<SigningBatch> => {
    const batch = await createBatch(deps, leader, wish);
    for (const [at, pdf] of files.entries()) await add(batch, pdf, `${at + 1}.pdf`);
    return batch;
  };
  /** Starts it and waits for its end. */
  const run = async (batch: SigningBatch, pin = PIN, who: Actor = leader): Promise<SigningBatch> => {
    await startBatch(deps, who, batch.id, pin);
    while (deps.runs.has(batch.id)) await new Promise((resolve) => setImmediate(resolve));
    return (await deps.batches.get(batch.id)) as SigningBatch;
  };
  const itemsOf = async ({ id }: SigningBatch) => (await listItems(deps, leader, id, {})).items;
  const outcomes = async () =>
    (await office.usage())
      .map(({ outcome, code }) => (code === undefined ? outcome : `${outcome} ${code}`))
      .sort();
  const bad = Buffer.from('no PDF at all');

  it('signs every file with one PIN, counts each once, and gives the results', async () => {
    const pdfs = [samplePdf({ size: 100 }), samplePdf({ size: 900_000 }), samplePdf()];
    const batch = await run(await batchOf(pdfs, { reason: 'Ký duyệt (hàng loạt)' }));
    expect(batch.status).to.equal('finished');
    const items = await itemsOf(batch);
    expect(items.map(({ name, status }) => [name, status])).to.deep.equal([
      ['1.pdf', 'signed'],
      ['2.pdf', 'signed'],
      ['3.pdf', 'signed'],
    ]);
    for (const [at, { id }] of items.entries()) {
      const { open, name } = await downloadItem(deps, leader, batch.id, id);
      const signed = Buffer.concat(await (await open()).toArray());
      expect(signed.subarray(0, pdfs[at]?.length)).to.deep.equal(pdfs[at]);
      expect(signatureFacts(signed).map(({ signatureValid }) => signatureValid)).to.deep.equal([true]);
      expect(name).to.equal(`${at + 1}.pdf`);
    }
    expect(await outcomes()).to.deep.equal(['signed', 'signed', 'signed']);
    expect(await readdir(deps.limits.temporaryFolder)).to.deep.equal([]);
  });

  it('is started by one of two requests at once, however fast its key opens', async () => {
    const batch = await batchOf([samplePdf(), samplePdf()]);
    const how = { sink: { record: () => {} }, context: { channel: 'server' } } as const;
    const keys = [1, 2].map(() => office.keys.hold(batch.certificate.keyId, PIN, how));
    const opened = await Promise.all(keys);
    const quick = { ...deps, keys: { hold: async () => opened.pop() ?? expect.fail('opened twice') } };
    const codes = [1, 2].map(() => codeOf(startBatch(quick, leader, batch.id, PIN)));
    expect(await Promise.all(codes)).to.have.members(['none', 'batches.running']);
    while (deps.runs.has(batch.id)) await new Promise((resolve) => setImmediate(resolve));
    expect((await deps.batches.get(batch.id))?.status).to.equal('finished');
  });

  it('goes on after a refusal, and says of each file why', async () => {
    const batch = await run(await batchOf([bad, samplePdf(), bad]));
    expect(batch.status).to.equal('finished');
    expect(await progressOf(deps, batch.id)).to.deep.equal({
      total: 3,
      waiting: 0,
      signed: 1,
      refused: 2,
      failed: 0,
    });
    const [first] = await itemsOf(batch);
    if (!first) throw new Error('no item');
    const view = presentItem(deps, first);
    expect(view).to.include({ status: 'refused', code: 'pdf.not_a_pdf' });
    expect(view.message?.vi).to.be.a('string');
    expect(await outcomes()).to.deep.equal(['refused pdf.not_a_pdf', 'refused pdf.not_a_pdf', 'signed']);
  });

  it('stops at a refusal when it is told to, and resumes behind it', async () => {
    const batch = await run(
      await batchOf([bad, ...Array.from({ length: 6 }, () => samplePdf())], { onError: 'stop' }),
    );
    expect(batch).to.include({ status: 'stopped', stoppedBy: 'pdf.not_a_pdf' });
    expect((await progressOf(deps, batch.id)).waiting).to.be.greaterThan(2);
    expect((await presentBatch(deps, batch)).message?.en).to.be.a('string');
    expect((await run(batch)).status).to.equal('finished');
    expect(await outcomes()).to.deep.equal(['refused pdf.not_a_pdf', ...Array(6).fill('signed')]);
  });

  it('stops at what stands against the certificate, whatever it is told', async () => {
    const waiting = await batchOf(Array.from({ length: 8 }, () => samplePdf()));
    office.gate = 'certificates.revoked';
    const batch = await run(waiting);
    expect(batch).to.include({ status: 'stopped', stoppedBy: 'certificates.revoked' });
    expect((await progressOf(deps, batch.id)).waiting).to.be.greaterThan(5);
  });

  it('is not started by a wrong PIN, which is counted once', async () => {
    const batch = await batchOf([samplePdf()]);
    expect(await codeOf(startBatch(deps, leader, batch.id, 'sai-mã-PIN'))).to.equal('signing.wrong_pin');
    expect((await deps.batches.get(batch.id))?.status).to.equal('collecting');
    expect(await outcomes()).to.deep.equal(['refused signing.wrong_pin']);
    expect(JSON.stringify(await deps.batches.get(batch.id))).to.not.include('sai-mã-PIN');
  });

  it('is stopped by its owner after the file under way, and signs the rest later', async () => {
    const waiting = await batchOf(Array.from({ length: 16 }, () => samplePdf()));
    await startBatch(deps, leader, waiting.id, PIN);
    const stopped = await stopBatch(deps, leader, waiting.id);
    expect(stopped).to.include({ status: 'stopped', stoppedBy: 'stopped' });
    expect((await progressOf(deps, waiting.id)).waiting).to.be.greaterThan(8);
    expect((await run(waiting)).status).to.equal('finished');
    expect(await outcomes()).to.deep.equal(Array(16).fill('signed'));
  });

  it('is found interrupted by the next process, which signs each file that waits and none twice', async () => {
    const waiting = await batchOf(Array.from({ length: 12 }, () => samplePdf()));
    await startBatch(deps, leader, waiting.id, PIN);
    // The same store as after a kill: the other run goes on as a process that was cut off and comes back.
    const after = { ...deps, runs: new BatchRuns('another process') };
    const found = await after.batches.get(waiting.id);
    expect(stateOf(after, found as SigningBatch)).to.equal('interrupted');
    await startBatch(after, leader, waiting.id, PIN);
    while (after.runs.has(waiting.id) || deps.runs.has(waiting.id)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await deps.batches.get(waiting.id))?.status).to.equal('finished');
    expect(await progressOf(deps, waiting.id)).to.include({ signed: 12, waiting: 0 });
    expect(await outcomes()).to.deep.equal(Array(12).fill('signed'));
  });

  it('signs documents at their signing step, one of them signed already before a crash', async () => {
    const documents = await Promise.all([toSigning(office.deps), toSigning(office.deps)]);
    const [first] = documents;
    if (!first) throw new Error('no document');
    const list = documents.map((document) => ({ document: document.id, visit: openVisit(document) }));
    const waiting = await createBatch(deps, leader, { documents: list });
    const [item] = await itemsOf(waiting);
    expect(item?.name).to.equal('Ban hành Kế hoạch cải cách hành chính năm 2027');
    // The document was written and the process killed before the item was.
    const signedItem = (await itemsOf(waiting)).find(
      ({ source }) => source.kind === 'document' && source.document === first.id,
    );
    await sign(office.deps, leader, first, signedItem?.id);
    const batch = await run(waiting);
    expect(batch.status).to.equal('finished');
    expect(await progressOf(deps, batch.id)).to.include({ signed: 2 });
    for (const { id } of documents)
      expect((await office.deps.documents.get(id))?.signatures).to.have.length(1);
    expect(await outcomes()).to.deep.equal(['signed', 'signed']);
  });

  it('takes no document that its owner may not sign now', async () => {
    const document = await toSigning(office.deps);
    const list = [{ document: document.id, visit: openVisit(document) }];
    expect(await codeOf(createBatch(deps, clerk, { documents: list }))).to.match(/^(workflow|documents)\./);
  });

  it('gives the same batch and the same item for a request that is repeated', async () => {
    const [first, again] = [
      await createBatch(deps, leader, {}, 'r1'),
      await createBatch(deps, leader, {}, 'r1'),
    ];
    expect(again.id).to.equal(first.id);
    const one = await add(first, samplePdf(), 'a.pdf', 'f1');
    expect((await add(first, samplePdf(), 'a.pdf', 'f1')).id).to.equal(one.id);
    expect(await itemsOf(first)).to.have.length(1);
  });

  it('is nobody else’s to see, fill, start or stop', async () => {
    const batch = await batchOf([samplePdf()]);
    const [item] = await itemsOf(batch);
    const tries = [
      addFile(deps, clerk, batch.id, { path: '/nowhere', name: 'a.pdf' }),
      startBatch(deps, clerk, batch.id, PIN),
      stopBatch(deps, clerk, batch.id),
      listItems(deps, clerk, batch.id, {}),
      downloadItem(deps, clerk, batch.id, item?.id ?? ''),
    ];
    for (const attempt of tries) expect(await codeOf(attempt)).to.equal('batches.not_found');
  });

  it('refuses what does not fit its state', async () => {
    const batch = await createBatch(deps, leader, {});
    expect(await codeOf(startBatch(deps, leader, batch.id, PIN))).to.equal('batches.empty');
    const item = await add(batch, samplePdf());
    expect(await codeOf(downloadItem(deps, leader, batch.id, item.id))).to.equal('batches.item_not_found');
    expect(await codeOf(add(batch, samplePdf(), '///'))).to.equal('batches.name_unusable');
    await run(batch);
    expect(await codeOf(add(batch, samplePdf()))).to.equal('batches.closed');
    expect(await codeOf(startBatch(deps, leader, batch.id, PIN))).to.equal('batches.finished');
    expect(await codeOf(createBatch(deps, leader, { certificate: 'cert-clerk' }))).to.equal(
      'batches.certificate_not_yours',
    );
  });

  it('gives its key up when it ends', async () => {
    const key = await deps.keys.hold(office.certificates[0]?.keyId ?? '', PIN, {
      sink: { record: () => {} },
      context: { channel: 'server' },
    });
    const runs = new BatchRuns('here');
    runs.start('b', 'r', key, async () => {});
    await runs.close();
    const provider = key.metered({ sink: { record: () => {} }, context: { channel: 'server' } });
    expect(
      await codeOf(provider.signature(Buffer.from('x'), { scheme: 'ecdsa', digestAlgorithm: 'SHA-256' })),
    ).to.equal('signing.key_failed');
    expect(await codeOf(Promise.resolve().then(() => runs.reserve('b')))).to.equal('batches.busy');
  });
});
