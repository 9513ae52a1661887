import { AccountsError } from './errors.ts';
import { type AccountsDeps, isCode } from './repository.ts';

/**
 * Takes an identifier code for an agency and gives the id the agency must have: a code whose agency was never written
 * (the server died in between) comes with the id it was taken for.
 * @throws AccountsError `accounts.agency_code_taken`.
 */
export async function takeCode(deps: AccountsDeps, code: string, agencyId: string): Promise<string> {
  try {
    return (await deps.codes.insert({ id: code, agencyId })).agencyId;
  } catch (error) {
    if (!isCode(error, 'storage.duplicate')) throw error;
  }
  const taken = await deps.codes.get(code);
  if (taken === undefined || (taken.agencyId !== agencyId && (await deps.agencies.get(taken.agencyId)))) {
    throw codeTaken(code);
  }
  return taken.agencyId;
}

export const codeTaken = (code: string): AccountsError =>
  new AccountsError('accounts.agency_code_taken', `another agency has ${code}`);
