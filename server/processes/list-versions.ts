import type { Actor } from '../platform/route.ts';
import type { Page } from '../storage/ports.ts';
import { ProcessesError } from './errors.ts';
import { presentDetail, presentSummary } from './presenter.ts';
import { getVersion, type ProcessesDeps, versionsOf } from './repository.ts';
import type { ProcessVersion, VersionDetail, VersionSummary } from './schema.ts';
import { cameIntoEffect, newestInEffect } from './state.ts';

/** Versions of the actor's agency by code and number, or those of one process. */
export async function listVersions(
  deps: ProcessesDeps,
  actor: Actor,
  input: { code?: string; limit?: number; cursor?: string },
): Promise<Page<VersionSummary>> {
  const { code, limit = 50, cursor } = input;
  const page = await deps.versions.find('number', {
    prefix: code === undefined ? [actor.agencyId] : [actor.agencyId, code],
    limit,
    ...(cursor === undefined ? {} : { cursor }),
  });
  const now = deps.clock.now();
  const newest = new Map<string, ProcessVersion | undefined>();
  for (const each of new Set(page.items.map((version) => version.code))) {
    newest.set(each, await newestOf(deps, actor.agencyId, each, now));
  }
  const items = page.items.map((version) => presentSummary(version, newest.get(version.code)));
  return { items, ...(page.next === undefined ? {} : { next: page.next }) };
}

/** One version with its content, of the actor's agency. @throws ProcessesError `processes.not_found`. */
export async function showVersion(
  deps: ProcessesDeps,
  actor: Actor,
  input: { code: string; version: number },
): Promise<VersionDetail> {
  return describe(deps, await getVersion(deps, actor.agencyId, input.code, input.version));
}

/** A version with the state it has now. */
export async function describe(deps: ProcessesDeps, version: ProcessVersion): Promise<VersionDetail> {
  const now = deps.clock.now();
  return presentDetail(version, await newestOf(deps, version.agencyId, version.code, now));
}

/** Its definition as a file says it, to carry it to another installation. @throws ProcessesError `processes.not_found`. */
export async function exportVersion(
  deps: ProcessesDeps,
  agencyId: string,
  input: { code: string; version?: number },
): Promise<{ code: string; version: number; text: string }> {
  const found =
    input.version === undefined
      ? await newestOf(deps, agencyId, input.code, deps.clock.now())
      : await getVersion(deps, agencyId, input.code, input.version);
  if (found === undefined)
    throw new ProcessesError('processes.not_found', `nothing of ${input.code} in effect`);
  const { code, version, definition } = found;
  return { code, version, text: `${JSON.stringify(definition, null, 2)}\n` };
}

async function newestOf(
  deps: ProcessesDeps,
  agencyId: string,
  code: string,
  at: Date,
): Promise<ProcessVersion | undefined> {
  return newestInEffect(await Array.fromAsync(versionsOf(deps, agencyId, code)), at);
}

/** Codes of the agency's processes of which a version has come into effect. */
export async function effectiveCodes(deps: ProcessesDeps, agencyId: string): Promise<string[]> {
  const codes = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await deps.versions.find('number', {
      prefix: [agencyId],
      limit: 200,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const now = deps.clock.now();
    for (const version of page.items) if (cameIntoEffect(version, now)) codes.add(version.code);
    cursor = page.next;
  } while (cursor !== undefined);
  return [...codes];
}
