import type { Clock } from '../platform/clock.ts';
import type { CertificateDirectory, RegisteredCertificate } from '../platform/services.ts';
import type { KeyStore } from '../signing/key-store.ts';
import type { Store } from '../storage/ports.ts';
import { entryByFingerprint } from './get-certificate.ts';
import { type CertificateEntry, certificateRegister } from './register.ts';
import { statusAt } from './status.ts';

/** The register as documents and signing see it. */
export function certificateDirectory(deps: {
  readonly store: Store;
  readonly clock: Clock;
  readonly keys: Pick<KeyStore, 'byFingerprint'>;
}): CertificateDirectory {
  const registered = async (
    entry: CertificateEntry,
    fingerprint: string,
    now: Date,
  ): Promise<RegisteredCertificate> => {
    const key = await deps.keys.byFingerprint(fingerprint);
    const { id, holderKind, agencyId, accountId, state, image } = entry;
    return {
      id,
      fingerprint,
      holderKind,
      agencyId,
      ...(accountId === undefined ? {} : { accountId }),
      ...(key === undefined ? {} : { keyId: key.id }),
      ...(image === undefined ? {} : { image }),
      state: statusAt(entry, now) === 'expired' ? 'expired' : state,
    };
  };
  return {
    byFingerprint: async (fingerprint) => {
      const entry = await entryByFingerprint(deps, fingerprint);
      return entry && registered(entry, fingerprint, deps.clock.now());
    },
    heldBy: async (accountId) => {
      const register = await certificateRegister(deps.store);
      // More than a hundred certificates of one person are a mistake in the register.
      const { items } = await register.find('account', { prefix: [accountId], limit: 100 });
      const now = deps.clock.now();
      return Promise.all(
        items.flatMap((entry) =>
          entry.fingerprint === undefined ? [] : [registered(entry, entry.fingerprint, now)],
        ),
      );
    },
  };
}
