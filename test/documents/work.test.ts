import { expect } from 'chai';
import { cancelDocument } from '../../server/documents/cancel-document.ts';
import { claimTask, unclaimTask } from '../../server/documents/claim-task.ts';
import { commentDocument } from '../../server/documents/comment-document.ts';
import { completeTask } from '../../server/documents/complete-task.ts';
import { delegateTask } from '../../server/documents/delegate-task.ts';
import { fillNumber } from '../../server/documents/fill-number.ts';
import { downloadContent, getDocument, previewDocument } from '../../server/documents/get-document.ts';
import { listDocuments } from '../../server/documents/list-documents.ts';
import { listWork } from '../../server/documents/list-work.ts';
import { readBlob } from '../../server/documents/read-blob.ts';
import { saveFields } from '../../server/documents/save-fields.ts';
import { startDocument } from '../../server/documents/start-document.ts';
import { PdfError } from '../../server/pdf/errors.ts';
import { newId } from '../../server/platform/ids.ts';
import type { Actor } from '../../server/platform/route.ts';
import { faultyStore } from './faulty-store.ts';
import {
  auditor,
  clerk,
  codeOf,
  colleague,
  complete,
  drafter,
  fields,
  leader,
  type Office,
  openOffice,
  openVisit,
  outsider,
  register,
  release,
  sendBack,
  sign,
  start,
  stepOf,
  toNumbering,
  toSealing,
  toSigning,
  unitLeader,
} from './office.ts';

describe('Work on documents', () => {
  let office: Office;
  beforeEach(async () => {
    office = await openOffice();
  });
  afterEach(() => office.close());

  const waitingFor = async (who: Actor) => (await listWork(office.deps, who)).items.map(({ id }) => id);

  it('waits for its holder, then for the role of the next step, in the unit where the role asks for it', async () => {
    const { deps } = office;
    const draft = await start(deps);
    expect(await waitingFor(drafter)).to.deep.equal([draft.id]);
    expect(await waitingFor(unitLeader)).to.deep.equal([]);
    await complete(deps, drafter, draft, 'submit');
    expect(await Promise.all([drafter, unitLeader, leader].map(waitingFor))).to.deep.equal([
      [],
      [draft.id],
      [],
    ]);
  });

  it('leaves the lists of the others when one has claimed it, and comes back when given up', async () => {
    const { deps } = office;
    const document = await toSigning(deps);
    await claimTask(deps, leader, document.id, openVisit(document)).catch(() => {});
    const before = await waitingFor(unitLeader);
    const freed = await unclaimTask(deps, leader, document.id, openVisit(document));
    expect([before, await waitingFor(unitLeader)]).to.deep.equal([[], [document.id]]);
    expect(await codeOf(unclaimTask(deps, leader, document.id, openVisit(freed)))).to.equal(
      'workflow.not_taken',
    );
  });

  it('is listed by the nearest deadline, page by page, each document once', async () => {
    const { deps } = office;
    const expected: string[] = [];
    for (let day = 0; day < 7; day++) {
      office.now = new Date(Date.UTC(2026, 10, 23 - (day % 3), 2));
      expected.push((await start(deps)).id);
    }
    const seen: { id: string; workDue: string }[] = [];
    let cursor: string | undefined;
    do {
      const page = await listWork(deps, drafter, { limit: 2, ...(cursor !== undefined && { cursor }) });
      seen.push(...page.items);
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen.map(({ id }) => id))
      .to.have.members(expected)
      .and.have.length(7);
    expect(seen.map(({ workDue }) => workDue)).to.deep.equal(seen.map(({ workDue }) => workDue).sort());
    expect(await codeOf(listWork(deps, drafter, { cursor: 'bogus' }))).to.equal('documents.bad_cursor');
  });

  it('stands without a deadline, and says why, when the calendar ends', async () => {
    office.now = new Date('2027-03-01T02:00:00.000Z');
    const document = await start(office.deps);
    expect(document.workflow.visits[0]).to.include({ dueProblem: 'calendar.not_maintained' });
    expect(await waitingFor(drafter)).to.deep.equal([document.id]);
  });

  it('completed by two at once is won by one', async () => {
    const { deps } = office;
    const { agencyId } = leader;
    const twin: Actor = { ...leader, accountId: 'unit-leader', unitId: 'van-phong', agencyId };
    const document = await complete(
      deps,
      clerk,
      await complete(deps, unitLeader, await complete(deps, drafter, await start(deps), 'submit'), 'approve'),
      'pass',
    );
    const codes = await Promise.all(
      [leader, twin].map((who) => codeOf(complete(deps, who, document, 'approve'))),
    );
    expect(codes).to.have.members(['none', 'storage.conflict']);
    expect(await codeOf(complete(deps, twin, document, 'approve'))).to.equal('workflow.visit_closed');
  });

  it('is handed to a colleague of the same role only, who acts on behalf', async () => {
    const { deps } = office;
    const document = await complete(deps, drafter, await start(deps), 'submit');
    const to = (person: Actor) =>
      delegateTask(deps, unitLeader, document.id, { visit: openVisit(document), to: person.accountId });
    expect(await codeOf(to(clerk))).to.equal('workflow.delegation_refused');
    expect(await codeOf(to({ ...clerk, accountId: 'nobody' }))).to.equal('workflow.delegation_refused');
    await to(leader);
    const approved = await complete(deps, leader, document, 'approve');
    expect(approved.history.find(({ type }) => type === 'document.completed')).to.not.equal(undefined);
    expect(approved.history.at(-2)).to.include({ actor: 'leader', onBehalfOf: 'unit-leader' });
  });
});

describe('A document', () => {
  let office: Office;
  beforeEach(async () => {
    office = await openOffice();
  });
  afterEach(() => office.close());

  it('is begun once however often the same request comes', async () => {
    const { deps } = office;
    const begin = () => startDocument(deps, drafter, { process: 'QT.VT.01', fields }, 'request');
    const [first, second] = [await begin(), await begin()];
    expect(second.id).to.equal(first.id);
    expect((await listDocuments(deps, drafter, { scope: 'mine' })).items).to.have.length(1);
  });

  it('keeps the definition it began with', async () => {
    const { deps } = office;
    const document = await start(deps);
    office.definition = { ...office.definition, version: 2, steps: {} };
    expect(stepOf(await complete(deps, drafter, document, 'submit'))).to.equal('unit-review');
  });

  it('does not begin without an effective process, nor under one the engine cannot run', async () => {
    const { deps } = office;
    expect(await codeOf(startDocument(deps, drafter, { process: 'QT.KHAC' }))).to.equal(
      'documents.no_process',
    );
    expect(await codeOf(startDocument(deps, outsider, { process: 'QT.VT.01' }))).to.equal(
      'documents.no_process',
    );
    office.definition = { ...office.definition, start: 'nowhere' };
    expect(await codeOf(start(deps))).to.equal('documents.process_unusable');
  });

  it('is begun only by whom the first step is for', async () => {
    expect(await codeOf(startDocument(office.deps, clerk, { process: 'QT.VT.01' }))).to.equal(
      'workflow.not_candidate',
    );
  });

  it('may be incomplete while it is drafted and must be complete when it is submitted', async () => {
    const { deps } = office;
    const draft = await start(deps, { subject: 'Chỉ có trích yếu' });
    expect(await codeOf(complete(deps, drafter, draft, 'submit'))).to.equal('documents.fields_invalid');
    await saveFields(deps, drafter, draft.id, { fields });
    expect(stepOf(await complete(deps, drafter, draft, 'submit'))).to.equal('unit-review');
  });

  it('may be given up incomplete', async () => {
    const { deps } = office;
    const draft = await start(deps, {});
    const end = { visit: openVisit(draft), outcome: 'cancel', reason: 'Không còn cần thiết' };
    const given = await completeTask(deps, drafter, draft.id, end);
    expect(given.workflow.state).to.equal('rejected');
  });

  it('takes no field that does not fit its schema, and takes one away by null', async () => {
    const { deps } = office;
    const draft = await start(deps);
    const save = (patch: object) => saveFields(deps, drafter, draft.id, { fields: { ...patch } });
    expect(await codeOf(save({ urgency: 'very' }))).to.equal('documents.fields_invalid');
    expect((await save({ authority: null })).fields).to.not.have.property('authority');
  });

  it('lets only the fields of the present step be changed, by who works at it', async () => {
    const { deps } = office;
    const draft = await start(deps);
    const save = (who: Actor, patch: object) =>
      codeOf(saveFields(deps, who, draft.id, { fields: { ...patch } }));
    expect(await save(drafter, { secret: 1 })).to.equal('documents.field_not_editable');
    expect(await save(leader, { subject: 'x' })).to.equal('documents.forbidden');
    await complete(deps, drafter, draft, 'submit');
    expect(await save(unitLeader, { subject: 'x' })).to.equal('documents.field_not_editable');
    expect(await save(drafter, { subject: 'x' })).to.equal('documents.forbidden');
  });

  it('is not found by whom it does not concern', async () => {
    const { deps } = office;
    const { id } = await start(deps);
    const seen = (who: Actor) => codeOf(getDocument(deps, who, id));
    expect(await Promise.all([drafter, leader, auditor].map(seen))).to.deep.equal(['none', 'none', 'none']);
    expect(await Promise.all([colleague, clerk, outsider].map(seen))).to.deep.equal(
      Array(3).fill('documents.not_found'),
    );
    expect(await seen({ ...drafter, accountId: 'x' })).to.equal('documents.not_found');
    expect(await codeOf(getDocument(deps, drafter, newId()))).to.equal('documents.not_found');
  });

  it('is seen by the whole agency once released, and frozen', async () => {
    const { deps } = office;
    const document = await release(deps, await sign(deps, clerk, await toSealing(deps)));
    expect(await codeOf(getDocument(deps, colleague, document.id))).to.equal('none');
    expect(await codeOf(getDocument(deps, outsider, document.id))).to.equal('documents.not_found');
    expect(await codeOf(saveFields(deps, clerk, document.id, { fields: {} }))).to.equal('documents.released');
    expect(await codeOf(cancelDocument(deps, leader, document.id, 'x'))).to.equal('documents.released');
    expect(await codeOf(sign(deps, clerk, document))).to.equal('documents.released');
    expect((await listDocuments(deps, colleague, { scope: 'agency' })).items).to.have.length(1);
  });

  it('is read by the auditor, who says nothing', async () => {
    const { deps } = office;
    const { id } = await start(deps);
    expect(await codeOf(commentDocument(deps, auditor, id, 'Ý kiến'))).to.equal('documents.forbidden');
    const commented = await commentDocument(deps, leader, id, 'Ý kiến');
    expect(commented.history.at(-1)?.data).to.include({ text: 'Ý kiến' });
  });

  it('takes so many comments and no more, lest no room is left to finish it', async () => {
    const { deps } = office;
    const { id } = await start(deps);
    const document = await commentDocument(deps, leader, id, 'Ý kiến');
    const [comment] = document.history.slice(-1);
    if (comment === undefined) throw new Error('the comment stands in the history');
    const { outbox: _outbox, ...row } = document;
    const history = [...document.history, ...Array.from({ length: 299 }, () => comment)];
    await deps.documents.replace({ ...row, history });
    expect(await codeOf(commentDocument(deps, leader, id, 'Ý kiến'))).to.equal('documents.too_many_comments');
  });

  it('shows its PDF before it is signed, and that PDF afterwards', async () => {
    const { deps } = office;
    const draft = await start(deps);
    expect(Buffer.from(await previewDocument(deps, drafter, draft.id)).toString('latin1', 0, 5)).to.equal(
      '%PDF-',
    );
    expect(await codeOf(downloadContent(deps, drafter, draft.id))).to.equal('documents.no_content');
    const signed = await toNumbering(deps);
    const file = await downloadContent(deps, drafter, signed.id);
    expect(file.size).to.equal((await previewDocument(deps, drafter, signed.id)).length);
  });

  it('is cancelled by its drafter or a leader, with a reason, and keeps its number as void', async () => {
    const { deps, store } = office;
    const document = await toSealing(deps);
    expect(await codeOf(cancelDocument(deps, clerk, document.id, 'x'))).to.equal('documents.forbidden');
    expect(await codeOf(cancelDocument(deps, leader, document.id, ' '))).to.equal('workflow.reason_missing');
    const cancelled = await cancelDocument(deps, leader, document.id, 'Không còn cần thiết', 'request');
    expect(cancelled.workflow.state).to.equal('cancelled');
    expect(await waiting(clerk)).to.deep.equal([]);
    const [row] = await store.registers.rows('H12/outgoing/QĐ/2026');
    expect(row?.voided).to.deep.include({ reason: 'Không còn cần thiết', actor: 'leader' });
    const next = await register(deps, await toNumbering(deps));
    expect(next.numbering?.number).to.equal(2);
  });

  it('is cancelled with the number a crash has left unknown to it', async () => {
    const { deps, store } = office;
    const document = await toNumbering(deps);
    const faulty = await office.with(faultyStore(store, { at: 2, after: true, dead: true }));
    expect(await codeOf(register(faulty, document))).to.equal('storage.unavailable');
    const cancelled = await cancelDocument(deps, drafter, document.id, 'Thôi');
    expect(cancelled.numbering).to.not.have.property('number');
    const [row] = await store.registers.rows('H12/outgoing/QĐ/2026');
    expect(row?.voided).to.deep.include({ reason: 'Thôi' });
  });

  it('is cancelled while its number is being taken: the register kept it in force', async () => {
    const { deps, store } = office;
    const document = await toNumbering(deps);
    const { registers } = store;
    const slow = await office.with({
      ...store,
      registers: {
        allocate: async (row) => {
          await cancelDocument(deps, leader, document.id, 'Thôi');
          return registers.allocate(row);
        },
        describe: (...args) => registers.describe(...args),
        void: (...args) => registers.void(...args),
        rows: (...args) => registers.rows(...args),
      },
    });
    expect(await codeOf(register(slow, document))).to.equal('storage.conflict');
    const rows = await registers.rows('H12/outgoing/QĐ/2026');
    expect(rows.map(({ number, voided }) => [number, voided?.reason])).to.deep.equal([[1, 'Thôi']]);
  });

  it('lets nobody fill in another number once the agency has signed', async () => {
    const { deps, store } = office;
    const sealed = await sign(deps, clerk, await toSealing(deps));
    const bytes = await readBlob(store.blobs, sealed.content.at(-1)?.sha256 ?? '');
    const { numbering } = sealed;
    if (numbering === undefined) throw new Error('it is numbered');
    expect(() => fillNumber(bytes, { ...numbering, number: 2 }))
      .to.throw(PdfError)
      .with.property('code', 'pdf.field_locked');
  });

  it('is told whose hands it went through', async () => {
    const { deps } = office;
    const document = await sendBack(
      deps,
      unitLeader,
      await complete(deps, drafter, await start(deps), 'submit'),
      'Sửa',
    );
    expect(document.participants).to.deep.equal(['drafter', 'unit-leader']);
    const returned = document.history.find(({ type }) => type === 'document.returned');
    expect(returned?.data).to.deep.include({ from: 'unit-review', to: 'draft', reason: 'Sửa' });
    expect(returned?.data.process).to.deep.equal({ code: 'QT.VT.01', version: 1 });
  });

  const waiting = async (who: Actor) => (await listWork(office.deps, who)).items.map(({ id }) => id);
});
