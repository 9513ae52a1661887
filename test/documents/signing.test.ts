import { expect } from 'chai';
import { signDocument } from '../../server/documents/sign-document.ts';
import {
  clerk,
  codeOf,
  complete,
  drafter,
  leader,
  type Office,
  openOffice,
  openVisit,
  PIN,
  register,
  sign,
  start,
  toNumbering,
  toSealing,
  toSigning,
  unitLeader,
} from './office.ts';

describe('Signing a document', () => {
  let office: Office;
  beforeEach(async () => {
    office = await openOffice();
  });
  afterEach(() => office.close());

  const outcomes = async () =>
    (await office.usage()).map(({ outcome, code }) => (code === undefined ? outcome : `${outcome} ${code}`));

  it('sent twice gives one signature and the same document', async () => {
    const { deps } = office;
    const waiting = await toSigning(deps);
    const first = await sign(deps, leader, waiting, 'request');
    const again = await sign(deps, leader, waiting, 'request');
    expect(again).to.deep.equal({ ...first, outbox: again.outbox });
    expect(await outcomes()).to.deep.equal(['signed']);
  });

  it('sent twice at the same moment gives one signature', async () => {
    const { deps } = office;
    const waiting = await toSigning(deps);
    const both = await Promise.all([
      sign(deps, leader, waiting, 'request'),
      sign(deps, leader, waiting, 'request'),
    ]);
    expect(both.map(({ signatures }) => signatures.length)).to.deep.equal([1, 1]);
    expect(await outcomes()).to.deep.equal(['signed']);
  });

  it('by two requests at the same moment: one wins, the other is refused and counted as failed', async () => {
    const { deps } = office;
    const waiting = await toSigning(deps);
    const codes = await Promise.all([
      codeOf(sign(deps, leader, waiting, 'one')),
      codeOf(sign(deps, leader, waiting, 'two')),
    ]);
    expect(codes).to.have.members(['none', 'storage.conflict']);
    expect(await outcomes()).to.have.members(['signed', 'failed storage.conflict']);
  });

  it('counts a wrong PIN once, in the ledger and in the history, and leaves the document as it was', async () => {
    const { deps } = office;
    const waiting = await toSigning(deps);
    expect(await codeOf(sign(deps, leader, waiting, 'request', 'sai-rồi'))).to.equal('signing.wrong_pin');
    expect(await outcomes()).to.deep.equal(['refused signing.wrong_pin']);
    const now = await deps.documents.get(waiting.id);
    expect(now?.workflow).to.deep.equal(waiting.workflow);
    expect(now?.history.at(-1)).to.deep.include({ type: 'document.sign_refused', actor: 'leader' });
    expect(JSON.stringify(now)).to.not.include('sai-rồi');
  });

  it('succeeds under the same request after a wrong PIN', async () => {
    const { deps } = office;
    const waiting = await toSigning(deps);
    await codeOf(sign(deps, leader, waiting, 'request', 'sai-rồi'));
    expect((await sign(deps, leader, waiting, 'request')).signatures).to.have.length(1);
    expect(await outcomes()).to.have.members(['refused signing.wrong_pin', 'signed']);
  });

  it('refuses a locked key and counts the refusal', async () => {
    const { deps } = office;
    const waiting = await toSigning(deps);
    for (let tries = 0; tries < 5; tries++) await codeOf(sign(deps, leader, waiting, undefined, 'sai-rồi'));
    expect(await codeOf(sign(deps, leader, waiting))).to.equal('signing.pin_locked');
    expect((await outcomes()).filter((one) => one === 'refused signing.pin_locked')).to.have.length(1);
    expect(await outcomes()).to.have.length(6);
  });

  it('refuses a certificate past its period, once counted', async () => {
    const waiting = await toSigning(office.deps);
    office.now = new Date('2051-01-01T00:00:00.000Z');
    expect(await codeOf(sign(office.deps, leader, waiting))).to.equal('signing.certificate_expired');
    expect(await outcomes()).to.deep.equal(['refused signing.certificate_expired']);
  });

  it('refuses what the register refuses, once counted', async () => {
    const waiting = await toSigning(office.deps);
    office.gate = 'certificates.revoked';
    expect(await codeOf(sign(office.deps, leader, waiting))).to.equal('certificates.revoked');
    expect(await outcomes()).to.deep.equal(['refused certificates.revoked']);
  });

  it('does not let a person sign with what is not theirs', async () => {
    const { deps } = office;
    const waiting = await toSigning(deps);
    const visit = openVisit(waiting);
    const stolen = signDocument(deps, unitLeader, waiting.id, {
      visit,
      pin: PIN,
      certificate: 'cert-leader',
    });
    expect(await codeOf(stolen)).to.equal('documents.certificate_not_yours');
    expect(await outcomes()).to.deep.equal([]);
  });

  it('does not let the leader seal nor the clerk sign for the leader', async () => {
    const { deps } = office;
    const waiting = await toSigning(deps);
    expect(await codeOf(sign(deps, clerk, waiting))).to.equal('workflow.not_candidate');
    office.certificates = office.certificates.map((one) => ({ ...one, holderKind: 'organization' as const }));
    expect(await codeOf(sign(deps, leader, waiting))).to.equal('documents.wrong_certificate');
  });

  it('asks which certificate when several fit, and takes the one that is named', async () => {
    const { deps } = office;
    const waiting = await toSigning(deps);
    const [own] = office.certificates;
    if (own === undefined) throw new Error('the leader has a certificate');
    office.certificates.push({ ...own, id: 'cert-second' });
    expect(await codeOf(sign(deps, leader, waiting))).to.equal('documents.choose_certificate');
    const named = { visit: openVisit(waiting), pin: PIN, certificate: 'cert-second' };
    expect((await signDocument(deps, leader, waiting.id, named)).signatures).to.have.length(1);
  });

  it('takes the active one of two certificates', async () => {
    const [own] = office.certificates;
    if (own === undefined) throw new Error('the leader has a certificate');
    office.certificates.push({ ...own, id: 'cert-old', state: 'revoked' });
    expect((await toNumbering(office.deps)).signatures).to.have.length(1);
  });

  it('counts the attempt with the only certificate there is, also when that is suspended', async () => {
    const waiting = await toSigning(office.deps);
    office.certificates = office.certificates.map((one) => ({ ...one, state: 'suspended' as const }));
    office.gate = 'certificates.suspended';
    expect(await codeOf(sign(office.deps, leader, waiting))).to.equal('certificates.suspended');
    expect(await outcomes()).to.deep.equal(['refused certificates.suspended']);
  });

  it('never seals what the competent person has not signed', async () => {
    const { deps } = office;
    const { steps } = office.definition;
    const { register: registering, 'agency-seal': seal } = steps;
    if (registering?.kind !== 'register' || seal?.kind !== 'sign') throw new Error('the process has both');
    office.definition = {
      ...office.definition,
      start: 'agency-seal',
      roles: { ...office.definition.roles, clerk: { title: { vi: 'x' }, accountRole: 'official' } },
    };
    const document = await start(deps, {});
    office.certificates.push({
      ...(office.certificates[1] as (typeof office.certificates)[number]),
      accountId: 'drafter',
    });
    expect(await codeOf(sign(deps, drafter, document))).to.equal('documents.seal_before_signature');
  });

  it('needs the fields of an administrative document', async () => {
    const { deps } = office;
    const waiting = await toSigning(deps);
    const { body: _, ...without } = waiting.fields;
    const emptied = await deps.documents.replace({ ...waiting, fields: without });
    expect(await codeOf(sign(deps, leader, emptied))).to.equal('documents.not_composable');
    expect(await outcomes()).to.deep.equal([]);
  });

  it('cannot happen at a step of another kind', async () => {
    const { deps } = office;
    const sealing = await toSealing(deps);
    expect(await codeOf(register(deps, sealing))).to.equal('workflow.wrong_act');
    expect(await codeOf(complete(deps, clerk, sealing, 'sealed'))).to.equal('workflow.wrong_act');
  });
});
