import type { Clock } from '../platform/clock.ts';
import { idFrom } from '../platform/ids.ts';
import type { PeopleDirectory, Services } from '../platform/services.ts';
import type { Collection, DomainEvent } from '../storage/ports.ts';
import { ProcessesError } from './errors.ts';
import type { Act, ProcessVersion } from './schema.ts';

/** What the verbs of this feature work on. */
export interface ProcessesDeps {
  readonly clock: Clock;
  readonly newId: (time?: Date) => string;
  readonly versions: Collection<ProcessVersion>;
  /** For the tree of agencies: an agency works by the processes of those above it too. */
  readonly people: Pick<PeopleDirectory, 'agency'>;
}

export async function openProcesses(
  services: Pick<Services, 'store' | 'clock' | 'newId'>,
  people: Pick<PeopleDirectory, 'agency'>,
): Promise<ProcessesDeps> {
  const versions = await services.store.collection<ProcessVersion>({
    name: 'process_versions',
    indexes: { number: { fields: ['agencyId', 'code', 'version'], unique: true } },
  });
  return { clock: services.clock, newId: services.newId, versions, people };
}

/** A version's id follows from what names it, so the same version cannot be there twice. */
export const versionId = (agencyId: string, code: string, version: number): string =>
  idFrom('process-version', agencyId, code, String(version));

/** @throws ProcessesError `processes.not_found`. */
export async function getVersion(
  { versions }: ProcessesDeps,
  agencyId: string,
  code: string,
  version: number,
): Promise<ProcessVersion> {
  const found = await versions.get(versionId(agencyId, code, version));
  if (found === undefined) throw new ProcessesError('processes.not_found', `no ${code} version ${version}`);
  return found;
}

/** Versions of one process of one agency, newest first. */
export async function* versionsOf(
  { versions }: Pick<ProcessesDeps, 'versions'>,
  agencyId: string,
  code: string,
): AsyncGenerator<ProcessVersion> {
  let cursor: string | undefined;
  do {
    const page = await versions.find('number', {
      prefix: [agencyId, code],
      descending: true,
      limit: 20,
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield* page.items;
    cursor = page.next;
  } while (cursor !== undefined);
}

export function act(deps: Pick<ProcessesDeps, 'clock'>, by: string, comment?: string): Act {
  return { by, time: deps.clock.now().toISOString(), ...(comment === undefined ? {} : { comment }) };
}

/** The outbox of `version` with one more event about it. */
export function withEvent(
  deps: Pick<ProcessesDeps, 'newId'>,
  version: Pick<ProcessVersion, 'id' | 'agencyId' | 'code' | 'version' | 'hash' | 'outbox'>,
  verb: string,
  { by, time, comment }: Act,
  facts: Record<string, unknown> = {},
): { outbox: readonly DomainEvent[] } {
  const { agencyId, code, version: number, hash } = version;
  const event: DomainEvent = {
    id: deps.newId(new Date(time)),
    time,
    type: `process.${verb}`,
    actor: by,
    subject: { type: 'process', id: version.id },
    data: { agencyId, code, version: number, hash, ...(comment === undefined ? {} : { comment }), ...facts },
  };
  return { outbox: [...(version.outbox ?? []), event] };
}

/** Writes a version. @throws ProcessesError `processes.changed_meanwhile`, `processes.not_found`. */
export async function save(deps: ProcessesDeps, version: ProcessVersion): Promise<ProcessVersion> {
  try {
    return await deps.versions.replace(version);
  } catch (error) {
    if (hasCode(error, 'storage.conflict')) {
      throw new ProcessesError('processes.changed_meanwhile', 'the version was written meanwhile', {
        cause: error,
      });
    }
    throw error;
  }
}

export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
