import type { Actor } from '../platform/route.ts';
import { agencyById } from './agency-by-id.ts';
import { checkAdministers } from './policy.ts';
import { type AccountsDeps, eventOf } from './repository.ts';
import type { Unit, UnitInput } from './schema.ts';

/** Adds a unit (phòng, ban) to an agency. */
export async function createUnit(
  deps: AccountsDeps,
  actor: Actor,
  input: UnitInput & { readonly agencyId: string },
): Promise<Unit> {
  const agency = await agencyById(deps, input.agencyId);
  checkAdministers(actor, agency);
  const unit: Unit = { id: deps.newId(deps.clock.now()), name: input.name, notation: input.notation };
  const subject = { type: 'agency', id: agency.id };
  await deps.agencies.replace({
    ...agency,
    units: [...agency.units, unit],
    outbox: [eventOf(deps, 'agency.unit-created', actor.accountId, subject, { ...unit })],
  });
  return unit;
}
