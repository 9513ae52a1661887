import type { PeopleDirectory } from './services.ts';

/** Agencies deeper than this do not exist; a loop in the data must not hang a request. */
const MAX_DEPTH = 16;

/**
 * Asks whether an agency is `above` or stands somewhere under it. Each agency is looked at once, so the question may be
 * asked for every row of a long list.
 */
export function agenciesBeneath(
  people: Pick<PeopleDirectory, 'agency'>,
  above: string,
): (agencyId: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  const look = async (agencyId: string): Promise<boolean> => {
    let current: string | undefined = agencyId;
    for (let depth = 0; current !== undefined && depth < MAX_DEPTH; depth++) {
      if (current === above) return true;
      current = (await people.agency(current))?.parentId;
    }
    return false;
  };
  return (agencyId) => {
    const answer = known.get(agencyId) ?? look(agencyId);
    known.set(agencyId, answer);
    return answer;
  };
}
