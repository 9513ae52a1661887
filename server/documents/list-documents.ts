import type { Actor } from '../platform/route.ts';
import type { Page } from '../storage/ports.ts';
import type { DocumentRecord } from './document-record.ts';
import { maySee } from './policy.ts';
import type { DocumentServices } from './services.ts';

export interface ListDocuments {
  /** `mine`: begun by the actor; `agency`: all of the agency that the actor may see. */
  readonly scope: 'mine' | 'agency';
  readonly limit?: number;
  readonly cursor?: string;
}

/** Documents, the newest first. A page may hold fewer than asked for where some may not be seen. */
export async function listDocuments(
  deps: DocumentServices,
  actor: Actor,
  { scope, limit = 50, cursor }: ListDocuments,
): Promise<Page<DocumentRecord>> {
  const page = await deps.documents.find(scope === 'mine' ? 'initiator' : 'agency', {
    prefix: [scope === 'mine' ? actor.accountId : actor.agencyId],
    descending: true,
    limit,
    ...(cursor !== undefined && { cursor }),
  });
  return { ...page, items: page.items.filter((document) => maySee(actor, document)) };
}
