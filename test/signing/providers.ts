import { parseCertificate } from '../../server/pki/certificate.ts';
import type { Clock } from '../../server/platform/clock.ts';
import { PrivateKeyProvider } from '../../server/signing/private-key-provider.ts';
import type { UsageEvent } from '../../server/storage/ports.ts';
import { type Identity, type IdentityOptions, type KeyKind, makeIdentity } from './identities.ts';

export const clock: Clock = { now: () => new Date('2026-06-15T03:00:00.000Z') };

export const providerOf = (identity: Identity, ...chain: Identity[]): PrivateKeyProvider =>
  new PrivateKeyProvider(
    identity.privateKey,
    parseCertificate(identity.der),
    chain.map(({ der }) => parseCertificate(der)),
  );

export const makeProvider = (kind: KeyKind, options?: IdentityOptions): PrivateKeyProvider =>
  providerOf(makeIdentity(kind, options));

/** A sink that keeps what it is given. */
export function collectingSink(): { record: (event: UsageEvent) => void; events: UsageEvent[] } {
  const events: UsageEvent[] = [];
  return { events, record: (event) => void events.push(event) };
}

/** The code of the error a promise is rejected with; undefined when it is not. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

/** All that a careless logger could print of an error. */
export function everythingIn(error: Error): string {
  const { cause } = error;
  const own = JSON.stringify({ ...error, message: error.message, stack: error.stack });
  return own + (cause instanceof Error ? everythingIn(cause) : String(cause));
}
