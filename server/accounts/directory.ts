import type { AgencyInfo, PeopleDirectory, Person, UnitInfo } from '../platform/services.ts';
import { isUsable } from './account-state.ts';
import type { AccountsDeps } from './repository.ts';
import type { Account, Agency } from './schema.ts';

/** accounts as the other features see it. */
export function peopleDirectory(deps: AccountsDeps): PeopleDirectory {
  return {
    account: async (id) => {
      const account = await deps.accounts.get(id);
      return account && personOf(deps, account);
    },
    agency: async (id) => {
      const agency = await deps.agencies.get(id);
      return agency && agencyInfoOf(agency);
    },
    unit: async (agencyId, unitId) => {
      const agency = await deps.agencies.get(agencyId);
      const unit = agency?.units.find(({ id }) => id === unitId);
      return unit && ({ agencyId, ...unit } satisfies UnitInfo);
    },
  };
}

function personOf(deps: AccountsDeps, account: Account): Person {
  const { id, login, name, position, agencyId, unitId, roles } = account;
  return {
    id,
    login,
    name,
    agencyId,
    roles,
    active: isUsable(deps, account),
    ...(position === undefined ? {} : { position }),
    ...(unitId === undefined ? {} : { unitId }),
  };
}

function agencyInfoOf({ id, code, name, notation, place, path }: Agency): AgencyInfo {
  const parentId = path.at(-2);
  return { id, code, name, notation, place, ...(parentId === undefined ? {} : { parentId }) };
}
