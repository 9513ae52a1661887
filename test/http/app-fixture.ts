import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { insertAccount } from '../../server/accounts/create-account.ts';
import { insertAgency } from '../../server/accounts/create-agency.ts';
import type { Account, Agency } from '../../server/accounts/schema.ts';
import { hashOf, newSecret } from '../../server/accounts/secrets.ts';
import { setPassword } from '../../server/accounts/set-password.ts';
import { type App, createApp } from '../../server/app.ts';
import { type Config, readConfig } from '../../server/config.ts';
import type { HealthCheck } from '../../server/http/health.ts';
import { newId } from '../../server/platform/ids.ts';
import { type Logger, silentLogger } from '../../server/platform/services.ts';
import { openStore } from '../../server/storage/open-store.ts';
import type { Store } from '../../server/storage/ports.ts';
import { AccountRole } from '../../server/workflow/definition.ts';

export const PASSWORD = 'Mật-khẩu-1';
export const ORIGIN = 'http://127.0.0.1';
export const roles: readonly AccountRole[] = AccountRole.anyOf.map((role) => role.const);

/** A clock that stands until it is told to move. */
export class TestClock {
  #now = new Date('2026-11-20T02:00:00.000Z');
  now(): Date {
    return new Date(this.#now);
  }
  advance(milliseconds: number): void {
    this.#now = new Date(this.#now.getTime() + milliseconds);
  }
}

export interface Fixture {
  readonly app: App;
  readonly store: Store;
  readonly clock: TestClock;
  readonly agency: Agency;
  /** A request to the app. */
  readonly http: ReturnType<typeof request>;
  account(login: string, accountRoles: AccountRole[], agencyId?: string): Promise<Account>;
  /** A header that makes a request one of the account's, with all of its roles. */
  bearer(account: Account): Promise<{ Authorization: string }>;
  /** Signs in and gives the cookie, with the origin a browser would send. */
  session(login: string, password?: string): Promise<{ Cookie: string; Origin: string }>;
  close(): Promise<void>;
}

export interface FixtureOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly logger?: Logger;
  readonly healthChecks?: readonly HealthCheck[];
}

/** The whole application on a SQLite store of its own, with one agency and nobody in it. */
export async function openApp(options: FixtureOptions = {}): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'anso-app-'));
  const config: Config = readConfig({
    ANSO_DATA_DIR: folder,
    ANSO_REQUESTS_PER_MINUTE: '1000000',
    ANSO_PUBLIC_ORIGIN: ORIGIN,
    ...options.environment,
  });
  const clock = new TestClock();
  const logger = options.logger ?? silentLogger;
  const store = await openStore({ dataDir: folder }, clock, logger);
  const app = await createApp({
    store,
    clock,
    logger,
    newId,
    limits: { uploadBytes: config.uploadLimit, jsonBytes: config.jsonLimit, temporaryFolder: folder },
    config,
    serverKey: Buffer.alloc(32, 7),
    trust: { current: async () => ({ anchors: [], intermediates: [], crls: [] }) },
    ...(options.healthChecks === undefined ? {} : { healthChecks: options.healthChecks }),
  });
  const deps = app.accounts;
  const facts = { code: 'H12.15', name: 'Sở Thử nghiệm', notation: 'STN', place: 'Cà Mau' };
  const agency = await insertAgency(deps, 'system', facts);
  const http = request(app.express);
  return {
    app,
    store,
    clock,
    agency,
    http,
    account: async (login, accountRoles, agencyId = agency.id) => {
      const account = await insertAccount(deps, 'system', {
        login,
        name: login,
        agencyId,
        roles: accountRoles,
      });
      return setPassword(deps, 'system', account, PASSWORD);
    },
    bearer: async (account) => {
      const secret = newSecret();
      await deps.tokens.insert({
        id: newId(),
        accountId: account.id,
        name: 'test',
        hash: hashOf(secret),
        roles: account.roles,
        createdAt: clock.now().toISOString(),
        expiresAt: '2100-01-01T00:00:00.000Z',
      });
      return { Authorization: `Bearer ${secret}` };
    },
    session: async (login, password = PASSWORD) => {
      const answer = await http.post('/api/v1/sign-in').set('Origin', ORIGIN).send({ login, password });
      if (answer.status !== 200) throw new Error(`sign-in answered ${answer.text}`);
      const [cookie = ''] = answer.get('Set-Cookie') ?? [];
      return { Cookie: cookie.split(';')[0] ?? '', Origin: ORIGIN };
    },
    close: async () => {
      await app.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
