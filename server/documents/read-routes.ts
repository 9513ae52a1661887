import { type AnyRoute, defineRoute } from '../platform/route.ts';
import { sendDownload } from '../platform/send-download.ts';
import { downloadContent, downloadFile, getDocument, previewDocument } from './get-document.ts';
import { listDocuments } from './list-documents.ts';
import { listWork } from './list-work.ts';
import { presentDocument, presentHistory, presentSummary } from './presenter.ts';
import {
  ByFile,
  ById,
  ContentQuery,
  DocumentSummary,
  DocumentView,
  HistoryView,
  ListQuery,
  page,
  WorkQuery,
} from './schema.ts';
import type { DocumentServices } from './services.ts';

const common = { method: 'get', tag: 'documents', access: 'signed-in' } as const;
const unseen = ['documents.not_found'];

export const readRoutes = (deps: DocumentServices): AnyRoute[] => [
  defineRoute({
    ...common,
    path: '/api/v1/work',
    summary: 'What waits for the caller, the nearest deadline first',
    query: WorkQuery,
    response: page(DocumentSummary),
    errors: ['documents.bad_cursor'],
    handle: async ({ actor, query }) => {
      const { items, ...rest } = await listWork(deps, actor, query);
      return { items: items.map((document) => presentSummary(actor, document)), ...rest };
    },
  }),
  defineRoute({
    ...common,
    path: '/api/v1/documents',
    summary: 'Documents the caller began, or those of the agency that the caller may see; the newest first',
    query: ListQuery,
    response: page(DocumentSummary),
    errors: ['storage.bad_cursor'],
    handle: async ({ actor, query: { scope = 'mine', ...paging } }) => {
      const { items, ...rest } = await listDocuments(deps, actor, { scope, ...paging });
      return { items: items.map((document) => presentSummary(actor, document)), ...rest };
    },
  }),
  defineRoute({
    ...common,
    path: '/api/v1/documents/:id',
    summary: 'One document',
    params: ById,
    response: DocumentView,
    errors: unseen,
    handle: async ({ actor, params }) =>
      presentDocument(deps.people, actor, await getDocument(deps, actor, params.id)),
  }),
  defineRoute({
    ...common,
    path: '/api/v1/documents/:id/history',
    summary: 'Everything that happened to a document, the oldest first',
    params: ById,
    response: HistoryView,
    errors: unseen,
    handle: async ({ actor, params }) =>
      presentHistory(deps.people, await getDocument(deps, actor, params.id)),
  }),
  defineRoute({
    ...common,
    path: '/api/v1/documents/:id/content',
    summary: 'The PDF of a document: the one that counts, or an earlier one by its digest',
    params: ById,
    query: ContentQuery,
    contentType: 'application/pdf',
    errors: [...unseen, 'documents.no_content'],
    handle: async ({ actor, params, query, res }) =>
      sendDownload(res, await downloadContent(deps, actor, params.id, query.version)),
  }),
  defineRoute({
    ...common,
    path: '/api/v1/documents/:id/preview',
    summary: 'The PDF as the fields would make it now; nothing is kept',
    params: ById,
    contentType: 'application/pdf',
    errors: [...unseen, 'documents.not_composable'],
    handle: async ({ actor, params, res }) => {
      const bytes = await previewDocument(deps, actor, params.id);
      res.status(200).set({ 'Content-Type': 'application/pdf', 'Cache-Control': 'private, no-store' });
      res.end(bytes);
    },
  }),
  defineRoute({
    ...common,
    path: '/api/v1/documents/:id/files/:file',
    summary: 'An attached file',
    params: ByFile,
    contentType: 'application/octet-stream',
    errors: unseen,
    handle: async ({ actor, params, res }) =>
      sendDownload(res, await downloadFile(deps, actor, params.id, params.file)),
  }),
];
