import { agenciesBeneath } from '../platform/agency-tree.ts';
import type { Actor } from '../platform/route.ts';
import type { PeopleDirectory } from '../platform/services.ts';
import type { AuditEntry } from '../storage/ports.ts';

/**
 * The log is one for all agencies, its readers are not: each sees what people of the own agency and of those below it did
 * and what the system noted about them. What belongs to no agency is for readers of an agency that stands under no other.
 */
export function visibleTo(people: PeopleDirectory, actor: Actor): (entry: AuditEntry) => Promise<boolean> {
  const beneath = agenciesBeneath(people, actor.agencyId);
  const known = new Map<string, Promise<string | undefined>>();
  const agencyOf = (id: string): Promise<string | undefined> => {
    const answer = known.get(id) ?? agencyOfParty(people, id);
    known.set(id, answer);
    return answer;
  };
  return async ({ event }) => {
    const agencyId = (await agencyOf(event.actor)) ?? (await agencyOf(event.subject.id));
    if (agencyId !== undefined) return beneath(agencyId);
    return (await people.agency(actor.agencyId))?.parentId === undefined;
  };
}

/** The agency of an account, or the agency itself; undefined for all else. */
const agencyOfParty = async (people: PeopleDirectory, id: string): Promise<string | undefined> =>
  (await people.account(id))?.agencyId ?? (await people.agency(id))?.id;
