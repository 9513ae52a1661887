import type { Actor } from '../platform/route.ts';
import type { AccountRole } from '../workflow/definition.ts';
import { WorkflowError } from '../workflow/errors.ts';
import type { DocumentRecord } from './document-record.ts';
import { move } from './move-task.ts';
import type { DocumentServices } from './services.ts';

/** Hands a task to a colleague of the same role. @throws WorkflowError `workflow.delegation_refused` */
export async function delegateTask(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  input: { readonly visit: string; readonly to: string },
  requestId?: string,
): Promise<DocumentRecord> {
  const person = await deps.people.account(input.to);
  if (person === undefined || !person.active) {
    throw new WorkflowError('workflow.delegation_refused', 'no such active account');
  }
  const { id: accountId, agencyId, unitId, roles } = person;
  const to = {
    accountId,
    agencyId,
    ...(unitId !== undefined && { unitId }),
    roles: roles as readonly AccountRole[],
  };
  return move(deps, actor, id, { type: 'delegate', visit: input.visit, to }, requestId);
}
