import { expect } from 'chai';
import { CodedError } from '../../server/errors/coded-error.ts';
import type { Actor } from '../../server/platform/route.ts';
import { approveVersion } from '../../server/processes/approve-version.ts';
import { processCatalogue } from '../../server/processes/catalogue.ts';
import { createDraft } from '../../server/processes/create-draft.ts';
import { definitionHash } from '../../server/processes/definition-hash.ts';
import { editDraft } from '../../server/processes/edit-draft.ts';
import { listVersions, showVersion } from '../../server/processes/list-versions.ts';
import { returnToDraft } from '../../server/processes/return-to-draft.ts';
import { reviewVersion } from '../../server/processes/review-version.ts';
import { submitDraft } from '../../server/processes/submit-draft.ts';
import { withdrawVersion } from '../../server/processes/withdraw-version.ts';
import { definitionWith } from './sample-definition.ts';
import { author, colleague, elsewhere, head, official, openWorld, type World } from './world.ts';

const code = 'QT.VT.01';
const day = 86_400_000;

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (error) {
    if (error instanceof CodedError) return error.code;
    throw error;
  }
  return 'done';
}

describe('the life of a process version', () => {
  let world: World;
  const deps = () => world.deps;
  const at = (version: number) => ({ code, version });

  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const draft = (version = 1, actor: Actor = author) =>
    createDraft(deps(), actor, { definition: definitionWith({ version }) });
  async function inReview(version = 1): Promise<void> {
    await draft(version);
    await submitDraft(deps(), author, at(version));
  }
  async function approved(version = 1, effectiveFrom?: string): Promise<void> {
    await inReview(version);
    await reviewVersion(deps(), colleague, at(version));
    await approveVersion(deps(), head, { ...at(version), ...(effectiveFrom && { effectiveFrom }) });
  }
  const effective = async (when = deps().clock.now(), agencyId = 'province') =>
    (await processCatalogue(deps()).effective(agencyId, code, when))?.version;
  const states = async () => (await listVersions(deps(), author, { code })).items.map(({ state }) => state);

  it('goes from draft over review and approval into effect', async () => {
    await draft();
    expect(await states()).to.deep.equal(['draft']);
    await submitDraft(deps(), author, at(1));
    expect(await states()).to.deep.equal(['inReview']);
    await reviewVersion(deps(), colleague, { ...at(1), comment: 'Phù hợp' });
    await approveVersion(deps(), head, at(1));
    expect(await states()).to.deep.equal(['effective']);
    const pinned = await processCatalogue(deps()).effective('province', code, deps().clock.now());
    expect(pinned).to.deep.equal({
      definition: definitionWith(),
      version: 1,
      hash: definitionHash(definitionWith()),
    });
  });

  it('leaves a trace of every act in the audit log', async () => {
    await approved();
    await world.store.dispatch();
    const entries = await world.store.audit.entries();
    expect(entries.map(({ event }) => `${event.type} ${event.actor}`)).to.deep.equal([
      'process.drafted author',
      'process.submitted author',
      'process.reviewed colleague',
      'process.approved head',
    ]);
    expect(entries[0]?.event.data).to.include({ code, version: 1, hash: definitionHash(definitionWith()) });
  });

  it('is the same version when the same content is sent again, however its keys are ordered', async () => {
    const first = await draft();
    const reordered = Object.fromEntries(Object.entries(definitionWith()).toReversed());
    const second = await createDraft(deps(), colleague, { definition: reordered });
    expect(second).to.deep.equal(first);
  });

  it('has a number that no other content gets, and that only grows', async () => {
    await draft(2);
    const other = definitionWith({ version: 2, fee: { vi: '10.000 đồng' } });
    expect(await codeOf(createDraft(deps(), author, { definition: other }))).to.equal(
      'processes.version_taken',
    );
    expect(await codeOf(draft(1))).to.equal('processes.version_must_grow');
    await withdrawVersion(deps(), author, { ...at(2), reason: 'Nhầm' });
    expect(await codeOf(createDraft(deps(), author, { definition: other }))).to.equal(
      'processes.version_taken',
    );
  });

  it('is inserted once when two people send it at the same time', async () => {
    const [first, second] = await Promise.all([draft(), draft(1, colleague)]);
    expect(first).to.deep.equal(second);
  });

  it('is not submitted with an empty section', async () => {
    await createDraft(deps(), author, { definition: definitionWith({ terms: [] }) });
    const refusal = await submitDraft(deps(), author, at(1)).catch((error: CodedError) => error);
    expect(refusal).to.have.property('code', 'processes.invalid');
    expect(refusal).to.have.nested.property('details.findings[0].path', '/terms');
  });

  it('loses its review when it is edited meanwhile', async () => {
    await inReview();
    await reviewVersion(deps(), colleague, at(1));
    const definition = definitionWith({ fee: { vi: '10.000 đồng' } });
    await editDraft(deps(), author, { ...at(1), definition });
    expect(await states()).to.deep.equal(['draft']);
    await submitDraft(deps(), author, at(1));
    expect(await codeOf(approveVersion(deps(), head, at(1)))).to.equal('processes.review_missing');
  });

  it('cannot be edited once it is approved', async () => {
    await approved();
    const definition = definitionWith({ fee: { vi: '10.000 đồng' } });
    expect(await codeOf(editDraft(deps(), author, { ...at(1), definition }))).to.equal(
      'processes.wrong_state',
    );
  });

  it('keeps its code and number through an edit, and notices an edit made from an old record', async () => {
    const { revision } = await draft();
    const edit = (changes: object, from = revision) =>
      codeOf(editDraft(deps(), author, { ...at(1), definition: definitionWith(changes), revision: from }));
    expect(await edit({ version: 2 })).to.equal('processes.other_code');
    expect(await edit({ fee: { vi: 'a' } })).to.equal('done');
    expect(await edit({ fee: { vi: 'b' } })).to.equal('processes.changed_meanwhile');
  });

  it('is neither reviewed nor approved by anybody who wrote in it', async () => {
    const leadingAuthor: Actor = { ...author, roles: ['qualityManager', 'leader'] };
    await inReview();
    expect(await codeOf(reviewVersion(deps(), author, at(1)))).to.equal('processes.separation_of_duties');
    await reviewVersion(deps(), colleague, at(1));
    expect(await codeOf(approveVersion(deps(), leadingAuthor, at(1)))).to.equal(
      'processes.separation_of_duties',
    );
  });

  it('is returned with a reason and submitted again', async () => {
    await inReview();
    await returnToDraft(deps(), head, { ...at(1), reason: 'Thiếu biểu mẫu' });
    expect(await states()).to.deep.equal(['draft']);
    expect(await codeOf(submitDraft(deps(), author, at(1)))).to.equal('done');
  });

  it('comes into effect by itself when its day comes, and supersedes the one before', async () => {
    await approved(1);
    const from = new Date(deps().clock.now().getTime() + 10 * day).toISOString();
    await approved(2, from);
    expect(await states()).to.deep.equal(['effective', 'approved']);
    expect(await effective()).to.equal(1);
    world.wait(10 * day);
    expect(await states()).to.deep.equal(['superseded', 'effective']);
    expect(await effective()).to.equal(2);
    expect(await effective(new Date(Date.parse(from) - 1))).to.equal(1);
  });

  it('does not come into effect in the past', async () => {
    await inReview();
    await reviewVersion(deps(), colleague, at(1));
    const effectiveFrom = '2026-11-01T00:00:00Z';
    expect(await codeOf(approveVersion(deps(), head, { ...at(1), effectiveFrom }))).to.equal(
      'processes.effective_in_past',
    );
  });

  it('is withdrawn by a leader; the one before does not come back', async () => {
    await approved(1);
    world.wait(day);
    await approved(2);
    world.wait(day);
    expect(await codeOf(withdrawVersion(deps(), author, { ...at(2), reason: 'Sai' }))).to.equal(
      'processes.not_allowed',
    );
    await withdrawVersion(deps(), head, { ...at(2), reason: 'Sai căn cứ' });
    expect(await effective()).to.equal(undefined);
    expect(await effective(new Date(deps().clock.now().getTime() - 1))).to.equal(2);
    expect(await states()).to.deep.equal(['superseded', 'withdrawn']);
  });

  it('leaves the one before in effect when it is withdrawn before its day', async () => {
    await approved(1);
    await approved(2, new Date(deps().clock.now().getTime() + day).toISOString());
    await withdrawVersion(deps(), head, { ...at(2), reason: 'Hoãn' });
    world.wait(2 * day);
    expect(await effective()).to.equal(1);
  });

  it('applies to the agencies below, and to no other', async () => {
    await approved();
    expect(await effective(deps().clock.now(), 'commune')).to.equal(1);
    expect(await effective(deps().clock.now(), 'other')).to.equal(undefined);
    expect(await codeOf(showVersion(deps(), elsewhere, at(1)))).to.equal('processes.not_found');
  });

  it('is written, reviewed and approved by those who may', async () => {
    expect(await codeOf(draft(1, official))).to.equal('processes.not_allowed');
    await inReview();
    expect(await codeOf(reviewVersion(deps(), official, at(1)))).to.equal('processes.not_allowed');
    expect(await codeOf(approveVersion(deps(), colleague, at(1)))).to.equal('processes.not_allowed');
  });

  it('loses a race with a code', async () => {
    await inReview();
    const outcomes = await Promise.all([
      codeOf(reviewVersion(deps(), colleague, at(1))),
      codeOf(returnToDraft(deps(), head, { ...at(1), reason: 'Sai' })),
    ]);
    expect(outcomes.filter((outcome) => outcome === 'done')).to.have.length.at.least(1);
    for (const outcome of outcomes) {
      expect(outcome).to.be.oneOf(['done', 'processes.changed_meanwhile', 'processes.wrong_state']);
    }
  });

  it('is refused when it is no definition, or a giant', async () => {
    expect(await codeOf(createDraft(deps(), author, { definition: { code } }))).to.equal('processes.invalid');
    const giant = definitionWith({ fee: { vi: 'x'.repeat(1_000_001) } });
    expect(await codeOf(createDraft(deps(), author, { definition: giant }))).to.equal('processes.too_large');
    const odd = definitionWith({ fee: { vi: '\ud800' } });
    expect(await codeOf(createDraft(deps(), author, { definition: odd }))).to.equal('processes.not_json');
  });
});
