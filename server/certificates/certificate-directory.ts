import type { Clock } from '../platform/clock.ts';
import type { CertificateDirectory, RegisteredCertificate } from '../platform/services.ts';
import type { Store } from '../storage/ports.ts';
import { entryByFingerprint } from './get-certificate.ts';
import { type CertificateEntry, certificateRegister } from './register.ts';
import { statusAt } from './status.ts';

/** The register as documents and signing see it. */
export function certificateDirectory(deps: {
  readonly store: Store;
  readonly clock: Clock;
}): CertificateDirectory {
  return {
    byFingerprint: async (fingerprint) => {
      const entry = await entryByFingerprint(deps, fingerprint);
      return entry && registered(entry, fingerprint, deps.clock.now());
    },
    usableBy: async (accountId) => {
      const register = await certificateRegister(deps.store);
      // More than a hundred certificates of one person are a mistake in the register.
      const { items } = await register.find('account', { prefix: [accountId], limit: 100 });
      const now = deps.clock.now();
      return items.flatMap((entry) => {
        const { fingerprint } = entry;
        const usable = ['active', 'expiring'].includes(statusAt(entry, now));
        return usable && fingerprint !== undefined ? [registered(entry, fingerprint, now)] : [];
      });
    },
  };
}

function registered(entry: CertificateEntry, fingerprint: string, now: Date): RegisteredCertificate {
  const { id, holderKind, agencyId, accountId, keyId, state } = entry;
  return {
    id,
    fingerprint,
    holderKind,
    agencyId,
    ...(accountId === undefined ? {} : { accountId }),
    ...(keyId === undefined ? {} : { keyId }),
    state: statusAt(entry, now) === 'expired' ? 'expired' : state,
  };
}
