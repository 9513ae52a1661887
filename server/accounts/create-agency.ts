import type { Actor } from '../platform/route.ts';
import { agencyById } from './agency-by-id.ts';
import { checkAdministers } from './policy.ts';
import { type AccountsDeps, eventOf, isCode } from './repository.ts';
import type { Agency, AgencyInput } from './schema.ts';
import { codeTaken, takeCode } from './take-code.ts';

/** Puts an agency below another one. @throws AccountsError `accounts.outside_agency`, `accounts.agency_code_taken`. */
export async function createAgency(
  deps: AccountsDeps,
  actor: Actor,
  input: AgencyInput & { readonly parentId: string },
): Promise<Agency> {
  const parent = await agencyById(deps, input.parentId);
  checkAdministers(actor, parent);
  const { parentId: _, ...facts } = input;
  return insertAgency(deps, actor.accountId, facts, parent.path);
}

/** `above` are the ids from the root down to the parent; empty for a root. */
export async function insertAgency(
  deps: AccountsDeps,
  by: string,
  { code, name, notation, place }: AgencyInput,
  above: readonly string[] = [],
): Promise<Agency> {
  const now = deps.clock.now();
  const id = await takeCode(deps, code, deps.newId(now));
  try {
    return await deps.agencies.insert({
      id,
      name,
      notation,
      place,
      code,
      codes: [{ code, from: now.toISOString() }],
      path: [...above, id],
      units: [],
      outbox: [eventOf(deps, 'agency.created', by, { type: 'agency', id }, { code, name })],
    });
  } catch (error) {
    throw isCode(error, 'storage.duplicate') ? codeTaken(code) : error;
  }
}
