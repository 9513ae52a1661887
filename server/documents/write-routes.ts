import { type AnyRoute, defineRoute } from '../platform/route.ts';
import { oneFile } from '../platform/upload.ts';
import { attachFile } from './attach-file.ts';
import { cancelDocument } from './cancel-document.ts';
import { commentDocument } from './comment-document.ts';
import { presentDocument } from './presenter.ts';
import { saveFields } from './save-fields.ts';
import {
  ByFile,
  ById,
  CancelBody,
  CommentBody,
  DocumentView,
  FieldsBody,
  SealFileBody,
  StartBody,
} from './schema.ts';
import { sealFile } from './seal-file.ts';
import type { DocumentServices } from './services.ts';
import { startDocument } from './start-document.ts';
import { uploadedFile } from './upload.ts';

const common = {
  tag: 'documents',
  access: 'signed-in',
  idempotency: 'optional',
  response: DocumentView,
} as const;
const races = ['documents.not_found', 'documents.released', 'storage.conflict'];

export const writeRoutes = (deps: DocumentServices): AnyRoute[] => [
  defineRoute({
    ...common,
    method: 'post',
    path: '/api/v1/documents',
    summary: 'Begin a document under the version of a process that is in effect',
    status: 201,
    body: StartBody,
    errors: ['documents.no_process', 'documents.process_unusable', 'documents.fields_invalid'],
    handle: async ({ actor, body, requestId }) =>
      presentDocument(deps.people, actor, await startDocument(deps, actor, body, requestId)),
  }),
  defineRoute({
    ...common,
    method: 'patch',
    path: '/api/v1/documents/:id/fields',
    summary: 'Change fields that the present step lets its holder change; null takes one away',
    params: ById,
    body: FieldsBody,
    errors: [...races, 'documents.field_not_editable', 'documents.fields_invalid'],
    handle: async ({ actor, params, body, requestId }) =>
      presentDocument(deps.people, actor, await saveFields(deps, actor, params.id, body, requestId)),
  }),
  defineRoute({
    ...common,
    method: 'post',
    path: '/api/v1/documents/:id/files',
    summary: 'Attach a file',
    params: ById,
    upload: oneFile(deps.limits),
    status: 201,
    errors: [
      ...races,
      'documents.file_empty',
      'documents.file_broken',
      'documents.file_encrypted',
      'documents.file_too_large',
      'documents.file_type_refused',
      'documents.file_type_mismatch',
      'documents.too_many_files',
    ],
    handle: async ({ actor, params, req, requestId }) =>
      presentDocument(
        deps.people,
        actor,
        await attachFile(deps, actor, params.id, uploadedFile(req), requestId),
      ),
  }),
  defineRoute({
    ...common,
    method: 'post',
    path: '/api/v1/documents/:id/files/:file/seal',
    summary:
      'Sign an attached PDF with the agency’s certificate, with the number and the time on its first page',
    description:
      'For whoever has the document’s task and keeps the seal; after the number, before the release.',
    idempotency: 'required',
    params: ByFile,
    body: SealFileBody,
    errors: [
      ...races,
      'documents.not_numbered',
      'documents.seal_before_signature',
      'documents.file_not_pdf',
      'documents.file_sealed',
      'documents.certificate_not_yours',
      'documents.wrong_certificate',
      'documents.choose_certificate',
      'signing.wrong_pin',
      'signing.pin_locked',
    ],
    handle: async ({ actor, params: { id, file }, body, requestId }) =>
      presentDocument(deps.people, actor, await sealFile(deps, actor, id, { file, ...body }, requestId)),
  }),
  defineRoute({
    ...common,
    method: 'post',
    path: '/api/v1/documents/:id/comments',
    summary: 'Add a remark to the history',
    params: ById,
    body: CommentBody,
    errors: [...races, 'workflow.text_unusable', 'documents.too_many_comments'],
    handle: async ({ actor, params, body, requestId }) =>
      presentDocument(
        deps.people,
        actor,
        await commentDocument(deps, actor, params.id, body.text, requestId),
      ),
  }),
  defineRoute({
    ...common,
    method: 'post',
    path: '/api/v1/documents/:id/cancel',
    summary: 'End a document that will not be issued; its number stays in the register as void',
    params: ById,
    body: CancelBody,
    errors: [...races, 'workflow.reason_missing'],
    handle: async ({ actor, params, body, requestId }) =>
      presentDocument(
        deps.people,
        actor,
        await cancelDocument(deps, actor, params.id, body.reason, requestId),
      ),
  }),
];
