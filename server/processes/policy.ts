import type { Actor } from '../platform/route.ts';
import type { AccountRole } from '../workflow/definition.ts';
import { ProcessesError } from './errors.ts';
import type { ProcessVersion } from './schema.ts';

/** Who may do what with the versions of their own agency; routes declare the same lists. */
export const may = {
  write: ['qualityManager'],
  import: ['qualityManager', 'administrator'],
  review: ['qualityManager', 'leader'],
  approve: ['leader'],
  withdraw: ['qualityManager', 'leader'],
} as const satisfies Record<string, readonly AccountRole[]>;

/** @throws ProcessesError `processes.not_allowed`. */
export function check(actor: Actor, right: keyof typeof may): void {
  const roles: readonly AccountRole[] = may[right];
  if (!actor.roles.some((role) => roles.includes(role))) {
    throw new ProcessesError('processes.not_allowed', `${right} needs one of ${roles.join(', ')}`);
  }
}

/** Whoever wrote it judges it not (ISO 9001 7.5.2 c). @throws ProcessesError `processes.separation_of_duties`. */
export function checkIsNotAuthor(actor: Actor, { authors }: ProcessVersion): void {
  if (authors.includes(actor.accountId)) {
    throw new ProcessesError(
      'processes.separation_of_duties',
      'authors do not review or approve their own work',
    );
  }
}

/** @throws ProcessesError `processes.wrong_state`. */
export function checkState(version: ProcessVersion, ...allowed: readonly ProcessVersion['state'][]): void {
  if (allowed.includes(version.state)) return;
  throw new ProcessesError('processes.wrong_state', `the version is ${version.state}`, {
    details: { state: version.state, allowed },
  });
}
