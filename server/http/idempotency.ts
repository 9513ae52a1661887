import { createHmac, hkdfSync, randomUUID } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import { idFrom } from '../platform/ids.ts';
import type { Aggregate, Collection, CollectionSpec, Store } from '../storage/ports.ts';
import { HttpError } from './errors.ts';

/**
 * Remembers what a request with an `Idempotency-Key` was answered (draft-ietf-httpapi-idempotency-key-header). A row is
 * held by a lease while the request runs: should the server die, the key is free again when the lease ends (at once where
 * the store has one server at a time), and the verb itself then recognises `requestId`.
 */
interface KeptRequest extends Aggregate {
  /** Keyed digest: a plain one would let whoever reads the store guess a PIN that was in the body. */
  readonly digest: string;
  readonly state: 'running' | 'answered';
  readonly leaseUntil: string;
  /** The server process that runs it. */
  readonly holder: string;
  readonly expiresAt: string;
  readonly answer?: Answer;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const LEASE_MILLISECONDS = 2 * 60_000;
const KEPT_MILLISECONDS = 24 * 3_600_000;
/** Larger answers are not kept; the verb then answers the repeat. */
const MAX_KEPT_BODY = 256 * 1024;

const spec: CollectionSpec = {
  name: 'idempotency',
  indexes: { expiry: { fields: ['expiresAt'] } },
};

export interface Claim {
  readonly requestId: string;
  /** Keeps the answer for the next time. */
  settle(answer: Answer): Promise<void>;
  /** Forgets the request: it may be tried again at once. */
  release(): Promise<void>;
}

export interface IdempotencyKeeper {
  /** Digest of the parts of a request; the same parts give the same digest. */
  digest(parts: readonly (string | Uint8Array)[]): string;
  /**
   * The answer kept for this request, or the claim to run it now.
   * @throws HttpError `http.idempotency_key_reused`, `http.request_in_progress`.
   */
  claim(requestId: string, digest: string): Promise<Answer | Claim>;
  /** Removes what has expired; for a timer. */
  purge(): Promise<void>;
}

/** The name under which a verb knows a request again: account, route and key. */
export function requestIdFor(accountId: string, method: string, path: string, key: string): string {
  return idFrom('request', accountId, method.toUpperCase(), path, key);
}

export async function createIdempotency(deps: {
  store: Store;
  clock: Clock;
  serverKey: Uint8Array;
}): Promise<IdempotencyKeeper> {
  const rows = await deps.store.collection<KeptRequest>(spec);
  const key = Buffer.from(hkdfSync('sha256', deps.serverKey, '', 'anso idempotency digest', 32));
  const holder = randomUUID();
  // SQLite's data folder is locked to one server: whoever else holds a row is dead.
  const holdersDie = deps.store.engine === 'sqlite';
  const later = (milliseconds: number): string =>
    new Date(deps.clock.now().getTime() + milliseconds).toISOString();

  const fresh = (digest: string) =>
    ({
      digest,
      state: 'running',
      holder,
      leaseUntil: later(LEASE_MILLISECONDS),
      expiresAt: later(KEPT_MILLISECONDS),
    }) as const;

  return {
    digest: (parts) => {
      const hmac = createHmac('sha256', key);
      for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:`).update(part);
      return hmac.digest('hex');
    },
    claim: async (requestId, digest) => {
      try {
        return claimOf(rows, await rows.insert({ id: requestId, ...fresh(digest) }));
      } catch (error) {
        if (!hasCode(error, 'storage.duplicate')) throw error;
      }
      const row = await rows.get(requestId);
      if (row === undefined) throw running();
      if (row.digest !== digest) {
        throw new HttpError(
          'http.idempotency_key_reused',
          'the key belongs to a request with another content',
        );
      }
      if (row.answer !== undefined) return row.answer;
      const abandoned = holdersDie && row.holder !== holder;
      if (!abandoned && row.leaseUntil > deps.clock.now().toISOString()) throw running();
      return rows.replace({ ...row, ...fresh(digest) }).then(
        (taken) => claimOf(rows, taken),
        (error: unknown) => {
          throw hasCode(error, 'storage.conflict') ? running() : error;
        },
      );
    },
    purge: async () => {
      for (;;) {
        const { items } = await rows.find('expiry', { to: deps.clock.now().toISOString(), limit: 500 });
        for (const { id } of items) await rows.remove(id);
        if (items.length < 500) return;
      }
    },
  };
}

function claimOf(rows: Collection<KeptRequest>, row: KeptRequest): Claim {
  return {
    requestId: row.id,
    settle: async (answer) => {
      if (answer.body.length > MAX_KEPT_BODY) await rows.remove(row.id);
      else await rows.replace({ ...row, state: 'answered', answer });
    },
    release: async () => {
      await rows.remove(row.id);
    },
  };
}

const running = (): HttpError =>
  new HttpError('http.request_in_progress', 'the same request is under way', {
    details: { retryAfterSeconds: 2 },
  });

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
