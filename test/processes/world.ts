import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../server/platform/ids.ts';
import type { Actor } from '../../server/platform/route.ts';
import { openProcesses, type ProcessesDeps } from '../../server/processes/repository.ts';
import { openStore } from '../../server/storage/open-store.ts';
import type { Store } from '../../server/storage/ports.ts';
import type { AccountRole } from '../../server/workflow/definition.ts';

export interface World {
  readonly deps: ProcessesDeps;
  readonly store: Store;
  /** Moves the clock. */
  readonly wait: (milliseconds: number) => void;
  readonly close: () => Promise<void>;
}

/** A SQLite store of its own; the agency `commune` is below `province`. */
export async function openWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'anso-processes-'));
  let now = Date.parse('2026-11-22T03:00:00.000Z');
  const clock = { now: () => new Date(now) };
  const store = await openStore({ dataDir: folder }, clock);
  const parents: Record<string, string> = { commune: 'province' };
  const agency = async (id: string) => {
    const parentId = parents[id];
    const facts = { id, code: id, name: id, notation: id, place: id };
    return parentId === undefined ? facts : { ...facts, parentId };
  };
  return {
    deps: await openProcesses({ store, clock, newId }, { agency }),
    store,
    wait: (milliseconds) => {
      now += milliseconds;
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const person = (accountId: string, role: AccountRole, agencyId = 'province'): Actor => ({
  accountId,
  login: accountId,
  name: accountId,
  agencyId,
  roles: [role],
  via: 'session',
});
export const author = person('author', 'qualityManager');
export const colleague = person('colleague', 'qualityManager');
export const head = person('head', 'leader');
export const official = person('official', 'official');
export const administrator = person('administrator', 'administrator');
export const elsewhere = person('elsewhere', 'qualityManager', 'other');
