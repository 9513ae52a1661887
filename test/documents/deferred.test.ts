import { sign as signWith } from 'node:crypto';
import { expect } from 'chai';
import { commentDocument } from '../../server/documents/comment-document.ts';
import { completeSignature } from '../../server/documents/deferred/complete-signature.ts';
import {
  type PrepareSignature,
  prepareSignature,
} from '../../server/documents/deferred/prepare-signature.ts';
import type { WaitingSignature } from '../../server/documents/deferred/waiting-signature.ts';
import type { DocumentRecord } from '../../server/documents/document-record.ts';
import { readBlob } from '../../server/documents/read-blob.ts';
import type { Actor } from '../../server/platform/route.ts';
import type { Store } from '../../server/storage/ports.ts';
import { freshKeys, type Identity, makeIdentity } from '../signing/identities.ts';
import { signatureFacts } from '../signing/judges.ts';
import {
  clerk,
  codeOf,
  complete,
  drafter,
  leader,
  type Office,
  openOffice,
  openVisit,
  register,
  release,
  sendBack,
  sign,
  toSealing,
  toSigning,
  unitLeader,
  withReturnFrom,
} from './office.ts';

const DAY = 86_400_000;

const wrapped = (blobs: Store['blobs']): Store['blobs'] => ({
  put: (...args) => blobs.put(...args),
  stat: (sha256) => blobs.stat(sha256),
  read: (...args) => blobs.read(...args),
});

describe('Signing a document with a key that is elsewhere', () => {
  let office: Office;
  beforeEach(async () => {
    office = await openOffice();
  });
  afterEach(() => office.close());

  const prepare = (
    document: DocumentRecord,
    who: Actor = leader,
    extra: Partial<PrepareSignature> & { key?: Identity; request?: string } = {},
  ): Promise<WaitingSignature> => {
    const { key = office.identities.personal, request, ...input } = extra;
    const certificate = Buffer.from(key.der).toString('base64');
    return prepareSignature(
      office.deps,
      who,
      document.id,
      { visit: openVisit(document), certificate, ...input },
      request,
    );
  };
  const keySigns = ({ toSign, state }: WaitingSignature, key = office.identities.personal): string => {
    const pss = state.algorithm.scheme === 'rsa-pss' ? { padding: 6, saltLength: 32 } : {};
    const bytes = Buffer.from(toSign.toBeSigned, 'base64');
    return signWith('sha256', bytes, { key: key.privateKey, ...pss }).toString('base64');
  };
  const finish = (
    document: DocumentRecord,
    waiting: WaitingSignature,
    signature: string,
    who = leader,
    request?: string,
  ) =>
    completeSignature(
      office.deps,
      who,
      document.id,
      { visit: waiting.visit, preparation: waiting.id, signature },
      request,
    );
  const outcomes = async () =>
    (await office.usage()).map(({ outcome, code, channel }) =>
      [outcome, code, channel].filter(Boolean).join(' '),
    );
  const pdfOf = async ({ content }: DocumentRecord): Promise<Uint8Array> =>
    readBlob(office.store.blobs, content.at(-1)?.sha256 ?? '');

  it('brings a document to its release, signed by the leader and sealed by the clerk with tokens', async () => {
    const { deps, identities } = office;
    const waiting = await toSigning(deps);
    const prepared = await prepare(waiting);
    office.now = new Date(office.now.getTime() + 3 * DAY);
    const signed = await finish(waiting, prepared, keySigns(prepared));
    expect(signed.signatures).to.have.length(1);
    expect(signed.signatures[0]).to.include({ kind: 'personal', by: 'leader', field: 'ky_lanh_dao' });
    const numbered = await register(deps, signed);
    const seal = await prepare(numbered, clerk, { key: identities.organization });
    const sealed = await finish(numbered, seal, keySigns(seal, identities.organization), clerk);
    const released = await release(deps, sealed);
    const facts = signatureFacts(await pdfOf(released));
    expect(
      facts.map(({ signatureValid, messageDigestMatches }) => [signatureValid, messageDigestMatches]),
    ).to.deep.equal([
      [true, true],
      [true, true],
    ]);
    expect(await outcomes()).to.deep.equal(['signed deferred', 'signed deferred']);
  });

  it('leaves the document as it was until the value comes', async () => {
    const waiting = await toSigning(office.deps);
    await prepare(waiting);
    expect((await office.deps.documents.get(waiting.id))?.revision).to.equal(waiting.revision);
    expect(await outcomes()).to.deep.equal([]);
  });

  it('gives one preparation and one signature for each request, however often it is sent', async () => {
    const waiting = await toSigning(office.deps);
    const [first, again] = await Promise.all([
      prepare(waiting, leader, { request: 'prepare' }),
      prepare(waiting, leader, { request: 'prepare' }),
    ]);
    expect(again.id).to.equal(first.id);
    const signed = await finish(waiting, first, keySigns(first), leader, 'complete');
    const repeated = await finish(waiting, first, keySigns(first), leader, 'complete');
    expect(repeated.revision).to.equal(signed.revision);
    expect(await outcomes()).to.deep.equal(['signed deferred']);
  });

  it('is completed once: a second request is refused', async () => {
    const waiting = await toSigning(office.deps);
    const prepared = await prepare(waiting);
    const signed = await finish(waiting, prepared, keySigns(prepared));
    expect(await codeOf(finish(waiting, prepared, keySigns(prepared)))).to.equal(
      'signing.deferred_completed',
    );
    expect((await office.deps.documents.get(waiting.id))?.signatures).to.deep.equal(signed.signatures);
    expect(await outcomes()).to.deep.equal(['signed deferred']);
  });

  it('is counted once when two values come at the same moment', async () => {
    const waiting = await toSigning(office.deps);
    const prepared = await prepare(waiting);
    const codes = await Promise.all(
      ['one', 'two'].map((request) => codeOf(finish(waiting, prepared, keySigns(prepared), leader, request))),
    );
    expect(codes).to.include('none');
    expect((await office.deps.documents.get(waiting.id))?.signatures).to.have.length(1);
    expect(await outcomes()).to.deep.equal(['signed deferred']);
  });

  it('refuses and counts wrong values, then takes the right one; five wrong ones spend it', async () => {
    const waiting = await toSigning(office.deps);
    const prepared = await prepare(waiting);
    const other = await prepare(waiting);
    expect(
      await codeOf(
        finish(waiting, prepared, keySigns(other, makeIdentity('p-256', { keys: freshKeys('p-256') }))),
      ),
    ).to.equal('signing.wrong_value');
    for (let tries = 0; tries < 5; tries++) await codeOf(finish(waiting, other, 'ffff'));
    expect(await codeOf(finish(waiting, other, keySigns(other)))).to.equal('documents.preparation_spent');
    const signed = await finish(waiting, prepared, keySigns(prepared));
    expect(signed.signatures).to.have.length(1);
    expect((await outcomes()).filter((outcome) => outcome === 'signed deferred')).to.have.length(1);
    expect((await outcomes()).filter((outcome) => outcome.startsWith('refused'))).to.have.length(6);
  });

  it('is not spent by what is no fault of its value', async () => {
    const waiting = await toSigning(office.deps);
    const prepared = await prepare(waiting);
    office.gate = 'certificates.suspended';
    for (let tries = 0; tries < 5; tries++) await codeOf(finish(waiting, prepared, keySigns(prepared)));
    office.gate = undefined;
    expect((await finish(waiting, prepared, keySigns(prepared))).signatures).to.have.length(1);
  });

  it('counts the success although the same value has failed before, when somebody else was faster', async () => {
    const waiting = await toSigning(office.deps);
    const prepared = await prepare(waiting);
    const { blobs } = office.store;
    const meanwhile = await office.with({
      ...office.store,
      blobs: {
        ...wrapped(blobs),
        put: async (...args) => {
          await commentDocument(office.deps, unitLeader, waiting.id, 'đồng ý');
          return blobs.put(...args);
        },
      },
    });
    const value = { visit: prepared.visit, preparation: prepared.id, signature: keySigns(prepared) };
    expect(await codeOf(completeSignature(meanwhile, leader, waiting.id, value))).to.equal(
      'storage.conflict',
    );
    expect((await finish(waiting, prepared, keySigns(prepared))).signatures).to.have.length(1);
    expect(await outcomes()).to.have.members(['failed storage.conflict deferred', 'signed deferred']);
  });

  it('comes too late after its time', async () => {
    const waiting = await toSigning(office.deps);
    const prepared = await prepare(waiting, leader, { days: 2 });
    office.now = new Date(office.now.getTime() + 2.1 * DAY);
    expect(await codeOf(finish(waiting, prepared, keySigns(prepared)))).to.equal('signing.deferred_expired');
    expect(await outcomes()).to.deep.equal(['refused signing.deferred_expired deferred']);
  });

  it('survives a comment, but not a change of the document', async () => {
    const { deps } = office;
    office.definition = withReturnFrom(office.definition, 'leader-sign');
    const waiting = await toSigning(deps);
    const stale = await prepare(waiting);
    await commentDocument(deps, unitLeader, waiting.id, 'đồng ý');
    await sendBack(deps, leader, waiting, 'sửa');
    expect(await codeOf(finish(waiting, stale, keySigns(stale)))).to.equal('workflow.visit_closed');

    const other = await toSigning(deps);
    const prepared = await prepare(other);
    await commentDocument(deps, unitLeader, other.id, 'đồng ý');
    expect((await finish(other, prepared, keySigns(prepared))).signatures).to.have.length(1);
  });

  it('is refused when the document was signed otherwise meanwhile', async () => {
    const waiting = await toSigning(office.deps);
    const prepared = await prepare(waiting);
    await sign(office.deps, leader, waiting);
    expect(await codeOf(finish(waiting, prepared, keySigns(prepared)))).to.equal(
      'documents.changed_since_prepared',
    );
  });

  it('asks the register again when the value comes', async () => {
    const waiting = await toSigning(office.deps);
    const prepared = await prepare(waiting);
    office.gate = 'certificates.revoked';
    expect(await codeOf(finish(waiting, prepared, keySigns(prepared)))).to.equal('certificates.revoked');
    expect(await codeOf(prepare(waiting))).to.equal('certificates.revoked');
    expect(await outcomes()).to.deep.equal([
      'refused certificates.revoked deferred',
      'refused certificates.revoked deferred',
    ]);
  });

  it('takes only a certificate that is registered as the signer’s, and of the kind the step asks for', async () => {
    const { deps, identities } = office;
    const waiting = await toSigning(deps);
    const stranger = makeIdentity('p-256', { subject: 'Kẻ lạ' });
    expect(await codeOf(prepare(waiting, leader, { key: stranger }))).to.equal(
      'documents.certificate_not_yours',
    );
    expect(await codeOf(prepare(waiting, leader, { key: identities.organization }))).to.equal(
      'documents.certificate_not_yours',
    );
    const sealing = await toSealing(deps);
    expect(await codeOf(prepare(sealing, clerk))).to.equal('documents.certificate_not_yours');
  });

  it('is nobody else’s to complete, and nobody prepares at a step of another', async () => {
    const { deps } = office;
    const waiting = await toSigning(deps);
    const prepared = await prepare(waiting);
    expect(await codeOf(finish(waiting, prepared, keySigns(prepared), unitLeader))).to.equal(
      'documents.no_such_preparation',
    );
    expect(await codeOf(prepare(waiting, drafter))).to.match(/^(workflow|documents)\./);
    const other = await toSigning(deps);
    expect(await codeOf(finish(other, prepared, keySigns(prepared)))).to.equal(
      'documents.no_such_preparation',
    );
    expect(await codeOf(complete(deps, leader, waiting, 'approve'))).to.match(/^workflow\./);
  });
});
