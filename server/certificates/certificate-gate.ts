import type { Store } from '../storage/ports.ts';
import type { CertificatesErrorCode } from './errors.ts';
import { entryByFingerprint } from './get-certificate.ts';
import { stateAt } from './status.ts';

const refusals = {
  pending: 'certificates.pending',
  suspended: 'certificates.suspended',
  revoked: 'certificates.revoked',
} as const satisfies Record<string, CertificatesErrorCode>;

/**
 * Asked before each signature: what the register says about the certificate at that moment. Undefined lets it pass; the
 * period and the key usage are checked by whoever signs. (Circular 15/2025 article 5: check first, refuse otherwise.)
 */
export function certificateGate(store: Store): {
  check(certificate: { readonly fingerprint: string }, at: Date): Promise<CertificatesErrorCode | undefined>;
} {
  return {
    check: async ({ fingerprint }, at) => {
      const entry = await entryByFingerprint({ store }, fingerprint);
      if (!entry) return 'certificates.not_registered';
      const state = stateAt(entry, at);
      return state === 'active' ? undefined : refusals[state];
    },
  };
}
