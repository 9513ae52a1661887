import { agenciesBeneath } from '../platform/agency-tree.ts';
import type { Actor } from '../platform/route.ts';
import type { PeopleDirectory } from '../platform/services.ts';
import type { Validation } from './validation.ts';

/** Who answer for records look at what strangers had verified, and people of the own agency and of those below it. */
export function readerOf(
  people: PeopleDirectory,
  actor: Actor,
): (validation: Pick<Validation, 'askedBy'>) => Promise<boolean> {
  const beneath = agenciesBeneath(people, actor.agencyId);
  return async ({ askedBy }) => {
    if (askedBy === undefined) return true;
    const person = await people.account(askedBy);
    return person !== undefined && beneath(person.agencyId);
  };
}
