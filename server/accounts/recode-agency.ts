import type { Actor } from '../platform/route.ts';
import { agencyById } from './agency-by-id.ts';
import { checkAdministers } from './policy.ts';
import { type AccountsDeps, eventOf } from './repository.ts';
import type { Agency } from './schema.ts';
import { codeTaken, takeCode } from './take-code.ts';

/** Gives an agency a new identifier code from now on; the old one stays with the time it was in force. */
export async function recodeAgency(
  deps: AccountsDeps,
  actor: Actor,
  input: { readonly agencyId: string; readonly code: string },
): Promise<Agency> {
  const agency = await agencyById(deps, input.agencyId);
  checkAdministers(actor, agency);
  if (agency.code === input.code) return agency;
  const now = deps.clock.now().toISOString();
  const ended = agency.codes.map((dated) => (dated.until === undefined ? { ...dated, until: now } : dated));
  const subject = { type: 'agency', id: agency.id };
  const data = { from: agency.code, to: input.code };
  if ((await takeCode(deps, input.code, agency.id)) !== agency.id) throw codeTaken(input.code);
  return deps.agencies.replace({
    ...agency,
    code: input.code,
    codes: [...ended, { code: input.code, from: now }],
    outbox: [eventOf(deps, 'agency.recoded', actor.accountId, subject, data)],
  });
}
