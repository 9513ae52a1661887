import { agenciesBeneath } from '../platform/agency-tree.ts';
import type { Actor } from '../platform/route.ts';
import type { PeopleDirectory } from '../platform/services.ts';
import { UsageError } from './errors.ts';

/** Roles that answer for how certificates are used; everybody else sees only what the own ones did. */
export const reportReaders = ['leader', 'clerk', 'qualityManager', 'administrator', 'auditor'] as const;

/** Whose certificates a report may cover: those of an agency and of all below it, or every one (who runs the server). */
export type Scope = { readonly beneath: string } | 'everything';

/** @throws UsageError `usage.forbidden` */
export function scopeOf(actor: Actor): Scope {
  if (!reportReaders.some((role) => actor.roles.includes(role))) {
    throw new UsageError('usage.forbidden', 'no role that reads usage reports');
  }
  return { beneath: actor.agencyId };
}

/** Whether an agency is in the scope. */
export const within = (people: PeopleDirectory, scope: Scope): ((agencyId: string) => Promise<boolean>) =>
  scope === 'everything' ? async () => true : agenciesBeneath(people, scope.beneath);

/** The scope, or the part of it that was asked for. @throws UsageError `usage.forbidden` when it lies outside. */
export async function narrowed(
  people: PeopleDirectory,
  scope: Scope,
  agencyId: string | undefined,
): Promise<Scope> {
  if (agencyId === undefined) return scope;
  if (!(await within(people, scope)(agencyId))) {
    throw new UsageError('usage.forbidden', `agency ${agencyId} is outside`);
  }
  return { beneath: agencyId };
}
