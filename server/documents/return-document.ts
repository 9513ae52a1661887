import type { Actor } from '../platform/route.ts';
import type { DocumentRecord } from './document-record.ts';
import { move } from './move-task.ts';
import type { DocumentServices } from './services.ts';

export interface ReturnDocument {
  readonly visit: string;
  /** One of the step's outcomes that are marked as returns. */
  readonly outcome: string;
  readonly reason: string;
}

/** Sends a document back, and says why. @throws WorkflowError `workflow.no_return`, `workflow.reason_missing` */
export const returnDocument = (
  deps: DocumentServices,
  actor: Actor,
  id: string,
  input: ReturnDocument,
  requestId?: string,
): Promise<DocumentRecord> => move(deps, actor, id, { type: 'return', ...input }, requestId);
