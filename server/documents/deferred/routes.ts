import { type AnyRoute, defineRoute } from '../../platform/route.ts';
import { presentDocument, presentPreparation } from '../presenter.ts';
import { ByPreparation, ByVisit, DocumentView, PreparationView, PrepareBody, ValueBody } from '../schema.ts';
import type { DocumentServices } from '../services.ts';
import { completeSignature } from './complete-signature.ts';
import { prepareSignature } from './prepare-signature.ts';

const common = {
  method: 'post',
  tag: 'tasks',
  access: 'signed-in',
  idempotency: 'required',
} as const;
const refusals = [
  'documents.not_found',
  'workflow.visit_closed',
  'workflow.not_candidate',
  'documents.seal_before_signature',
  'documents.certificate_not_yours',
  'documents.wrong_certificate',
  'signing.certificate_expired',
  'signing.certificate_revoked',
];

export const deferredRoutes = (deps: DocumentServices): AnyRoute[] => [
  defineRoute({
    ...common,
    path: '/api/v1/documents/:id/tasks/:visit/prepared-signatures',
    summary: 'Prepare the signature of a step for a key that is not here, on a USB token say',
    description:
      'Gives what the key is to sign; the document stays as it is. The value may come later, until `expiresAt`, as long as the document’s content does not change.',
    params: ByVisit,
    body: PrepareBody,
    response: PreparationView,
    status: 201,
    errors: [...refusals, 'documents.too_many_preparations', 'documents.not_composable'],
    handle: async ({ actor, params: { id, visit }, body, requestId }) =>
      presentPreparation(await prepareSignature(deps, actor, id, { visit, ...body }, requestId)),
  }),
  defineRoute({
    ...common,
    path: '/api/v1/documents/:id/tasks/:visit/prepared-signatures/:preparation/complete',
    summary: 'Sign the document with the value that the key has given',
    description:
      'Everything is checked again as of now. A wrong value is refused and counted; after five the signature has to be prepared anew. A preparation is completed once.',
    params: ByPreparation,
    body: ValueBody,
    response: DocumentView,
    errors: [
      ...refusals,
      'documents.no_such_preparation',
      'documents.changed_since_prepared',
      'documents.preparation_spent',
      'signing.deferred_completed',
      'signing.deferred_expired',
      'signing.wrong_value',
      'signing.value_unreadable',
      'storage.conflict',
    ],
    handle: async ({ actor, params, body, requestId }) =>
      presentDocument(
        deps.people,
        actor,
        await completeSignature(deps, actor, params.id, { ...params, ...body }, requestId),
      ),
  }),
];
