import { AccountsError } from './errors.ts';
import type { AccountsDeps } from './repository.ts';
import type { Agency } from './schema.ts';

/** @throws AccountsError `accounts.not_found`. */
export async function agencyById(deps: Pick<AccountsDeps, 'agencies'>, id: string): Promise<Agency> {
  const agency = await deps.agencies.get(id);
  if (agency === undefined) throw new AccountsError('accounts.not_found', `there is no agency ${id}`);
  return agency;
}
