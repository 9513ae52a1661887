import { CodedError } from '../errors/coded-error.ts';
import type { Actor } from '../platform/route.ts';
import { addVersion } from './create-draft.ts';
import { check } from './policy.ts';
import { definitionFiles, readDefinition, shippedFolder } from './read-definitions.ts';
import type { ProcessesDeps } from './repository.ts';

export interface Imported {
  readonly file: string;
  readonly outcome: 'added' | 'present' | 'refused';
  readonly code?: string;
  readonly version?: number;
  /** Error code of a refusal, and what it tells. */
  readonly error?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Drafts from the shipped definitions for the actor's agency; done again it adds nothing. */
export async function importShipped(deps: ProcessesDeps, actor: Actor): Promise<Imported[]> {
  check(actor, 'import');
  const imported = await importFiles(deps, actor, await definitionFiles([shippedFolder]));
  return imported.map((one) => ({ ...one, file: one.file.slice(shippedFolder.length + 1) }));
}

/** Drafts from files, one result each: a file that is refused keeps no other one out. */
export async function importFiles(
  deps: ProcessesDeps,
  actor: Pick<Actor, 'accountId' | 'agencyId'>,
  files: readonly string[],
): Promise<Imported[]> {
  const results: Imported[] = [];
  for (const file of files) results.push(await importFile(deps, actor, file));
  return results;
}

async function importFile(
  deps: ProcessesDeps,
  actor: Pick<Actor, 'accountId' | 'agencyId'>,
  file: string,
): Promise<Imported> {
  try {
    const { value } = await readDefinition(file);
    const { version, isNew } = await addVersion(deps, actor, value, 'imported');
    return { file, outcome: isNew ? 'added' : 'present', code: version.code, version: version.version };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { file, outcome: 'refused', error: error.code, details: error.details };
  }
}
