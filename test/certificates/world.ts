import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyDeps } from '../../server/certificates/holder-key.ts';
import type { ImportDeps } from '../../server/certificates/import-issued-list.ts';
import { newId } from '../../server/platform/ids.ts';
import type { Actor } from '../../server/platform/route.ts';
import type { AgencyInfo, PeopleDirectory, Person } from '../../server/platform/services.ts';
import { openKeyStore } from '../../server/signing/key-store.ts';
import { openStore } from '../../server/storage/open-store.ts';

/** A province with a commune below it and a department beside, some people, and an empty store. */
export interface World {
  readonly deps: ImportDeps & KeyDeps & { readonly clock: MovableClock };
  close(): Promise<void>;
}

export interface MovableClock {
  now(): Date;
  set(time: string): void;
}

const agencies: readonly AgencyInfo[] = [
  { id: 'tinh', code: 'H99', name: 'Ủy ban nhân dân tỉnh', notation: 'UBND', place: 'Sông Xanh' },
  {
    id: 'xa',
    code: 'H99.1',
    name: 'Ủy ban nhân dân xã',
    notation: 'UBND',
    place: 'An Bình',
    parentId: 'tinh',
  },
  { id: 'so', code: 'H99.2', name: 'Sở Nội vụ', notation: 'SNV', place: 'Sông Xanh', parentId: 'tinh' },
];

const person = (id: string, agencyId: string, ...roles: string[]): Person => ({
  id,
  login: id,
  name: id,
  agencyId,
  roles,
  active: true,
});
const persons = [person('lanh-dao', 'xa', 'leader'), person('van-thu', 'xa', 'clerk')];

export const people: PeopleDirectory = {
  agency: async (id) => agencies.find((agency) => agency.id === id),
  account: async (id) => persons.find((account) => account.id === id),
  unit: async () => undefined,
};

export const actor = (agencyId: string, accountId: string, ...roles: Actor['roles'][number][]): Actor => ({
  accountId,
  login: accountId,
  name: accountId,
  agencyId,
  roles,
  via: 'session',
});

export const administrator = actor('tinh', 'quan-tri', 'administrator');
export const leader = actor('xa', 'lanh-dao', 'leader');
export const clerk = actor('xa', 'van-thu', 'clerk');
export const outsider = actor('so', 'nguoi-ngoai', 'administrator');
export const official = actor('xa', 'chuyen-vien', 'official');

const cheap = { N: 2 ** 10, r: 8, p: 1 };

export async function openWorld(now = '2026-06-15T03:00:00.000Z'): Promise<World> {
  let time = now;
  const clock: MovableClock = {
    now: () => new Date(time),
    set: (to) => {
      time = to;
    },
  };
  const dataDir = await mkdtemp(join(tmpdir(), 'anso-certificates-'));
  const store = await openStore({ dataDir }, clock);
  const keys = await openKeyStore({
    store,
    clock,
    serverKey: randomBytes(32),
    wait: async () => {},
    cost: cheap,
  });
  const agencyIdOf = async (code: string) => agencies.find((agency) => agency.code === code)?.id;
  return {
    deps: { store, clock, newId, people, agencyIdOf, keys },
    close: async () => {
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** The code of the refusal, or undefined when there was none. */
export async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
}
