import type { Actor } from '../platform/route.ts';
import type { DocumentRecord } from './document-record.ts';
import { DocumentsError } from './errors.ts';
import type { DocumentServices } from './services.ts';
import { workKeys } from './work.ts';

export interface WorkPage {
  readonly items: readonly DocumentRecord[];
  readonly next?: string;
}
interface Position {
  readonly due: string;
  readonly id: string;
}

/**
 * What waits for the actor, the nearest deadline first. The list is merged from those of the account, its roles and its
 * unit; a page ends at a position (deadline, id), not at a cursor of one of them.
 *
 * @throws DocumentsError `documents.bad_cursor`
 */
export async function listWork(
  deps: DocumentServices,
  actor: Actor,
  options: { readonly limit?: number; readonly cursor?: string } = {},
): Promise<WorkPage> {
  const limit = options.limit ?? 50;
  const after = options.cursor === undefined ? undefined : positionOf(options.cursor);
  const lists = await Promise.all(workKeys(actor).map((key) => following(deps, key, after, limit + 1)));
  const unique = new Map(lists.flat().map((document) => [document.id, document]));
  const sorted = [...unique.values()].sort((a, b) => compare(place(a), place(b)));
  const items = sorted.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(sorted.length > limit && last !== undefined && { next: cursorOf(place(last)) }) };
}

/** Up to `count` documents of one list behind a position; many may share a deadline, so pages are skipped by id. */
async function following(
  deps: DocumentServices,
  key: string,
  after: Position | undefined,
  count: number,
): Promise<DocumentRecord[]> {
  const found: DocumentRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await deps.documents.find('work', {
      prefix: [key],
      ...(after !== undefined && { from: after.due }),
      limit: count,
      ...(cursor !== undefined && { cursor }),
    });
    found.push(...page.items.filter((item) => after === undefined || compare(place(item), after) > 0));
    cursor = page.next;
  } while (cursor !== undefined && found.length < count);
  return found;
}

const place = ({ workDue, id }: DocumentRecord): Position => ({ due: workDue, id });

/** Byte order, as the store sorts. */
function compare(a: Position, b: Position): number {
  if (a.due !== b.due) return a.due < b.due ? -1 : 1;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

const cursorOf = ({ due, id }: Position): string =>
  Buffer.from(JSON.stringify([due, id])).toString('base64url');

function positionOf(cursor: string): Position {
  try {
    const [due, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof due === 'string' && typeof id === 'string') return { due, id };
  } catch {
    // Not JSON: the same answer as for any other cursor that is none of ours.
  }
  throw new DocumentsError('documents.bad_cursor', 'not a cursor of this list');
}
