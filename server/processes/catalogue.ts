import type { ProcessCatalogue } from '../platform/services.ts';
import { type ProcessesDeps, versionsOf } from './repository.ts';
import type { ProcessVersion } from './schema.ts';
import { cameIntoEffect, isInForce } from './state.ts';

/** Levels of agencies looked through; the state has four. */
const maxLevels = 10;

/** The port through which documents find the process they start by. */
export function processCatalogue(deps: ProcessesDeps): ProcessCatalogue {
  return {
    effective: async (agencyId, code, at) => {
      const found = await findEffective(deps, agencyId, code, at);
      return found && { definition: found.definition, version: found.version, hash: found.hash };
    },
  };
}

/** The version in effect at `at` of the agency, or else of the nearest one above it. */
export async function findEffective(
  deps: ProcessesDeps,
  agencyId: string,
  code: string,
  at: Date,
): Promise<ProcessVersion | undefined> {
  for await (const id of upwards(deps, agencyId)) {
    for await (const version of versionsOf(deps, id, code)) {
      if (!cameIntoEffect(version, at)) continue;
      if (isInForce(version, at)) return version;
      break;
    }
  }
  return undefined;
}

/** The agency and those above it, nearest first. */
export async function* upwards(
  { people }: Pick<ProcessesDeps, 'people'>,
  agencyId: string,
): AsyncGenerator<string> {
  let id: string | undefined = agencyId;
  for (let level = 0; id !== undefined && level < maxLevels; level++) {
    yield id;
    id = (await people.agency(id))?.parentId;
  }
}
