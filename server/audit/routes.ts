import { Type } from 'typebox';
import { type AnyRoute, defineRoute } from '../platform/route.ts';
import type { PeopleDirectory } from '../platform/services.ts';
import type { Store } from '../storage/ports.ts';
import { AuditEntryView, presentEntry } from './presenter.ts';
import { visibleTo } from './visible-entries.ts';

const readers = ['administrator', 'auditor'] as const;
const tag = 'audit';

const PAGE = 100;

export interface AuditDeps {
  readonly store: Pick<Store, 'audit'>;
  readonly people: PeopleDirectory;
}

/** Reading the audit log changes nothing in it; who read it stands in the access log. */
export function auditRoutes({ store, people }: AuditDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/audit',
      summary: 'Entries of the audit log about the own agency and those below it, oldest first',
      description: 'A page may hold fewer entries than asked for, even none, and yet have a next one.',
      tag,
      access: readers,
      query: Type.Object(
        {
          after: Type.Optional(Type.Integer({ minimum: 0, description: 'Sequence number to go on from.' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
        },
        { additionalProperties: false },
      ),
      response: Type.Object({
        items: Type.Array(AuditEntryView),
        next: Type.Optional(Type.Integer({ description: 'What to give as `after` for the next page.' })),
      }),
      handle: async ({ actor, query: { limit = PAGE, after } }) => {
        const entries = await store.audit.entries({ limit, ...(after !== undefined && { after }) });
        const isVisible = visibleTo(people, actor);
        const items = [];
        for (const entry of entries) if (await isVisible(entry)) items.push(presentEntry(entry));
        const last = entries.length === limit ? entries.at(-1) : undefined;
        return { items, ...(last !== undefined && { next: last.sequence }) };
      },
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
