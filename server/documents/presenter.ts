import type { Actor } from '../platform/route.ts';
import type { PeopleDirectory } from '../platform/services.ts';
import type { WorkedStep } from '../workflow/definition.ts';
import { isCandidate, openVisits, type Visit } from '../workflow/instance.ts';
import { currentContent } from './compose-content.ts';
import type { WaitingSignature } from './deferred/waiting-signature.ts';
import type { DocumentRecord } from './document-record.ts';
import { participantOf } from './policy.ts';
import type { DocumentSummary, DocumentView, PreparationView, TaskView } from './schema.ts';

/** What a document is called, by the first of these fields that its process has. */
const TITLE_FIELDS = ['subject', 'documentName'];

/** One line of a list. */
export function presentSummary(actor: Actor, document: DocumentRecord): DocumentSummary {
  const { definition, workflow, fields, numbering } = document;
  const { code, version, title } = definition;
  return {
    id: document.id,
    revision: document.revision,
    title: TITLE_FIELDS.map((name) => fields[name]).find((text) => typeof text === 'string') ?? title.vi,
    process: { code, version, title },
    state: workflow.state,
    released: document.released !== undefined,
    ...(numbering?.text !== undefined && { number: numbering.text, date: numbering.date }),
    initiator: document.initiator,
    createdAt: document.createdAt,
    updatedAt: document.updatedAt,
    ...(workflow.due !== undefined && { due: workflow.due }),
    tasks:
      workflow.state === 'running'
        ? openVisits(workflow).map((visit) => presentTask(actor, document, visit))
        : [],
  };
}

/** The whole document as its readers see it. */
export async function presentDocument(
  people: PeopleDirectory,
  actor: Actor,
  document: DocumentRecord,
): Promise<DocumentView> {
  const current = currentContent(document);
  return {
    ...presentSummary(actor, document),
    definitionHash: document.definitionHash,
    fields: { ...document.fields },
    files: document.files.map((file) => ({ ...file, warnings: [...file.warnings] })),
    content: document.content.map((version) => ({ ...version, current: version === current })),
    signatures: document.signatures.map(({ visit: _, ...signature }) => signature),
    people: await namesOf(people, document.participants),
  };
}

export async function presentHistory(people: PeopleDirectory, { history, participants }: DocumentRecord) {
  const names = await namesOf(people, participants);
  return {
    items: history.map(({ subject: _, ...entry }) => {
      const actorName = names[entry.actor];
      return { ...entry, ...(actorName !== undefined && { actorName }) };
    }),
  };
}

/** What a program beside the token is to sign, and until when. */
export function presentPreparation({
  id,
  field,
  toSign,
  state,
  expiresAt,
}: WaitingSignature): PreparationView {
  return { id, field, ...state.algorithm, ...toSign, expiresAt };
}

function presentTask(actor: Actor, { definition }: DocumentRecord, visit: Visit): TaskView {
  const step = definition.steps[visit.step] as WorkedStep;
  const { id, openedAt, due, dueProblem, assignee, candidates } = visit;
  return {
    ...{
      visit: id,
      step: visit.step,
      title: step.title,
      kind: step.kind,
      openedAt,
      candidates: candidates.role,
    },
    ...(due !== undefined && { due }),
    ...(dueProblem !== undefined && { dueProblem }),
    ...(assignee !== undefined && { assignee }),
    mine: assignee === actor.accountId,
    mayTake: assignee === undefined && isCandidate(candidates, participantOf(actor)),
    ...(step.kind === 'sign' && { certificate: step.certificate }),
    outcomes: Object.entries(step.outcomes).map(([key, outcome]) => ({
      key,
      title: outcome.title,
      return: outcome.return === true,
      requiresReason: outcome.return === true || outcome.requiresReason === true,
    })),
    edits: step.kind === 'task' ? [...(step.edits ?? [])] : [],
  };
}

async function namesOf(people: PeopleDirectory, ids: readonly string[]): Promise<Record<string, string>> {
  const found = await Promise.all(ids.map(async (id) => [id, (await people.account(id))?.name] as const));
  return Object.fromEntries(found.flatMap(([id, name]) => (name === undefined ? [] : [[id, name]])));
}
