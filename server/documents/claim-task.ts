import type { Actor } from '../platform/route.ts';
import type { DocumentRecord } from './document-record.ts';
import { move } from './move-task.ts';
import type { DocumentServices } from './services.ts';

/** Takes a task that nobody has. @throws WorkflowError `workflow.task_taken`, `workflow.not_candidate` */
export const claimTask = (
  deps: DocumentServices,
  actor: Actor,
  id: string,
  visit: string,
  requestId?: string,
): Promise<DocumentRecord> => move(deps, actor, id, { type: 'claim', visit }, requestId);

/** Gives it back. @throws WorkflowError `workflow.not_taken`, `workflow.task_taken` */
export const unclaimTask = (
  deps: DocumentServices,
  actor: Actor,
  id: string,
  visit: string,
  requestId?: string,
): Promise<DocumentRecord> => move(deps, actor, id, { type: 'unclaim', visit }, requestId);
