import { type AnyRoute, defineRoute } from '../platform/route.ts';
import { claimTask, unclaimTask } from './claim-task.ts';
import { completeTask } from './complete-task.ts';
import { delegateTask } from './delegate-task.ts';
import { presentDocument } from './presenter.ts';
import { registerDocument } from './register-document.ts';
import { releaseDocument } from './release-document.ts';
import { returnDocument } from './return-document.ts';
import { ByVisit, CompleteBody, DelegateBody, DocumentView, ReturnBody, SignBody } from './schema.ts';
import type { DocumentServices } from './services.ts';
import { signDocument } from './sign-document.ts';

const common = {
  method: 'post',
  tag: 'tasks',
  access: 'signed-in',
  params: ByVisit,
  response: DocumentView,
} as const;
const races = [
  'documents.not_found',
  'workflow.task_taken',
  'workflow.visit_closed',
  'workflow.not_candidate',
  'storage.conflict',
];
const task = (verb: string): `/api/v1/documents/:id/tasks/:visit/${string}` =>
  `/api/v1/documents/:id/tasks/:visit/${verb}`;

export const taskRoutes = (deps: DocumentServices): AnyRoute[] => [
  defineRoute({
    ...common,
    path: task('claim'),
    summary: 'Take a task that nobody has',
    idempotency: 'optional',
    errors: races,
    handle: async ({ actor, params: { id, visit }, requestId }) =>
      presentDocument(deps.people, actor, await claimTask(deps, actor, id, visit, requestId)),
  }),
  defineRoute({
    ...common,
    path: task('unclaim'),
    summary: 'Give a task back',
    idempotency: 'optional',
    errors: [...races, 'workflow.not_taken'],
    handle: async ({ actor, params: { id, visit }, requestId }) =>
      presentDocument(deps.people, actor, await unclaimTask(deps, actor, id, visit, requestId)),
  }),
  defineRoute({
    ...common,
    path: task('complete'),
    summary: 'End a task with one of its outcomes',
    idempotency: 'optional',
    body: CompleteBody,
    errors: [...races, 'workflow.unknown_outcome', 'workflow.reason_missing', 'documents.fields_invalid'],
    handle: async ({ actor, params: { id, visit }, body, requestId }) =>
      presentDocument(deps.people, actor, await completeTask(deps, actor, id, { visit, ...body }, requestId)),
  }),
  defineRoute({
    ...common,
    path: task('return'),
    summary: 'Send the document back, with the reason',
    idempotency: 'optional',
    body: ReturnBody,
    errors: [...races, 'workflow.no_return', 'workflow.reason_missing'],
    handle: async ({ actor, params: { id, visit }, body, requestId }) =>
      presentDocument(
        deps.people,
        actor,
        await returnDocument(deps, actor, id, { visit, ...body }, requestId),
      ),
  }),
  defineRoute({
    ...common,
    path: task('delegate'),
    summary: 'Hand a task to a colleague of the same role, who then acts on the caller’s behalf',
    idempotency: 'optional',
    body: DelegateBody,
    errors: [...races, 'workflow.delegation_refused'],
    handle: async ({ actor, params: { id, visit }, body, requestId }) =>
      presentDocument(deps.people, actor, await delegateTask(deps, actor, id, { visit, ...body }, requestId)),
  }),
  defineRoute({
    ...common,
    path: task('sign'),
    summary: 'Sign the document’s PDF with the key the PIN opens',
    description:
      'The same Idempotency-Key after a crash gives the document as it is, never a second signature. Every attempt is counted as a use of the certificate.',
    idempotency: 'required',
    body: SignBody,
    errors: [
      ...races,
      'documents.seal_before_signature',
      'documents.wrong_certificate',
      'documents.certificate_not_yours',
      'documents.choose_certificate',
      'documents.not_composable',
      'signing.wrong_pin',
      'signing.pin_locked',
      'signing.certificate_expired',
      'signing.certificate_revoked',
      'storage.full',
    ],
    handle: async ({ actor, params: { id, visit }, body, requestId }) =>
      presentDocument(deps.people, actor, await signDocument(deps, actor, id, { visit, ...body }, requestId)),
  }),
  defineRoute({
    ...common,
    path: task('register'),
    summary: 'Give the document its number and date',
    idempotency: 'required',
    errors: [...races, 'workflow.wrong_act', 'composition.unknown_type'],
    handle: async ({ actor, params: { id, visit }, requestId }) =>
      presentDocument(deps.people, actor, await registerDocument(deps, actor, id, visit, requestId)),
  }),
  defineRoute({
    ...common,
    path: task('release'),
    summary: 'Issue the document: from here its content is frozen',
    idempotency: 'required',
    errors: [...races, 'workflow.wrong_act', 'documents.released'],
    handle: async ({ actor, params: { id, visit }, requestId }) =>
      presentDocument(deps.people, actor, await releaseDocument(deps, actor, id, visit, requestId)),
  }),
];
