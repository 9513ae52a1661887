import type { Clock } from '../platform/clock.ts';
import type { Collection, DomainEvent, Store } from '../storage/ports.ts';
import type { Account, Agency, ApiToken, Invitation, Session, SignInCounter, TakenCode } from './schema.ts';

/** What the verbs of this feature work on. */
export interface AccountsDeps {
  readonly clock: Clock;
  readonly newId: (time?: Date) => string;
  readonly limits: SignInLimits;
  readonly agencies: Collection<Agency>;
  readonly codes: Collection<TakenCode>;
  readonly accounts: Collection<Account>;
  readonly sessions: Collection<Session>;
  readonly tokens: Collection<ApiToken>;
  readonly invitations: Collection<Invitation>;
  readonly counters: Collection<SignInCounter>;
}

export interface SignInLimits {
  readonly sessionIdleMinutes: number;
  readonly sessionHours: number;
  readonly signInFailures: number;
  readonly signInLockMinutes: number;
  readonly idleAccountDays: number;
}

/** For commands: they let nobody in. */
const whereNobodySignsIn: SignInLimits = {
  sessionIdleMinutes: 0,
  sessionHours: 0,
  signInFailures: 0,
  signInLockMinutes: 0,
  idleAccountDays: 36_500,
};

export async function openAccounts(
  services: { store: Store; clock: Clock; newId: (time?: Date) => string },
  limits: SignInLimits = whereNobodySignsIn,
): Promise<AccountsDeps> {
  const { store, clock, newId } = services;
  const byExpiry = { expiry: { fields: ['expiresAt'] } };
  return {
    clock,
    newId,
    limits,
    agencies: await store.collection<Agency>({
      name: 'agencies',
      indexes: { tree: { fields: ['path', 'code'], array: 'path' } },
    }),
    codes: await store.collection<TakenCode>({ name: 'agency_codes', indexes: {} }),
    accounts: await store.collection<Account>({
      name: 'accounts',
      indexes: {
        login: { fields: ['login'], unique: true },
        agency: { fields: ['agencyId', 'login'] },
        role: { fields: ['roles', 'status'], array: 'roles' },
        use: { fields: ['status', 'lastUsedAt'] },
      },
    }),
    sessions: await store.collection<Session>({ name: 'sessions', indexes: byExpiry }),
    tokens: await store.collection<ApiToken>({
      name: 'api_tokens',
      indexes: { hash: { fields: ['hash'], unique: true }, account: { fields: ['accountId', 'createdAt'] } },
    }),
    invitations: await store.collection<Invitation>({
      name: 'invitations',
      indexes: { ...byExpiry, purpose: { fields: ['purpose'] }, account: { fields: ['accountId'] } },
    }),
    counters: await store.collection<SignInCounter>({ name: 'sign_in_counters', indexes: byExpiry }),
  };
}

/** An event of this feature, to be written with the state it belongs to. */
export function eventOf(
  deps: Pick<AccountsDeps, 'clock' | 'newId'>,
  type: string,
  actor: string,
  subject: DomainEvent['subject'],
  data: Record<string, unknown> = {},
): DomainEvent {
  const now = deps.clock.now();
  return { id: deps.newId(now), time: now.toISOString(), type, actor, subject, data };
}

export const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
