import { Type } from 'typebox';
import { type AnyRoute, defineRoute } from '../platform/route.ts';
import type { Store } from '../storage/ports.ts';
import { AuditEntryView, presentEntry } from './presenter.ts';

const readers = ['administrator', 'auditor'] as const;
const tag = 'audit';

/** Reading the audit log changes nothing in it; who read it stands in the access log. */
export function auditRoutes({ store }: { readonly store: Pick<Store, 'audit'> }): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/audit',
      summary: 'Entries of the audit log, oldest first',
      tag,
      access: readers,
      query: Type.Object(
        {
          after: Type.Optional(Type.Integer({ minimum: 0, description: 'Sequence number to go on from.' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
        },
        { additionalProperties: false },
      ),
      response: Type.Object({ items: Type.Array(AuditEntryView) }),
      handle: async ({ query }) => ({ items: (await store.audit.entries(query)).map(presentEntry) }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/audit/verification',
      summary: 'Whether the chain of hashes holds from the first entry to the last',
      tag,
      access: readers,
      response: Type.Object({
        entries: Type.Integer(),
        head: Type.String({
          description: 'Hash of the last entry: note it elsewhere to recognise a rewritten log.',
        }),
        brokenAt: Type.Optional(Type.Integer({ description: 'First sequence number that does not fit.' })),
      }),
      handle: () => store.audit.verify(),
    }),
  ];
}
