import { peopleDirectory } from '../accounts/directory.ts';
import { agencyByCode } from '../accounts/first-administrator.ts';
import { openAccounts } from '../accounts/repository.ts';
import type { PeopleDirectory, Services } from '../platform/services.ts';
import { UsageError } from './command.ts';

export interface People {
  readonly people: PeopleDirectory;
  /** @throws UsageError when no agency has the code. */
  readonly agencyId: (code: string) => Promise<string>;
}

/** Accounts as a command needs them. */
export async function openPeople(services: Services): Promise<People> {
  const accounts = await openAccounts(services);
  return {
    people: peopleDirectory(accounts),
    agencyId: async (code) => {
      const agency = await agencyByCode(accounts, code);
      if (agency === undefined) throw new UsageError(`no agency has the code ${code}`);
      return agency.id;
    },
  };
}
