import type { Clock } from '../platform/clock.ts';
import type { PeopleDirectory } from '../platform/services.ts';
import type { UsageLedger } from '../storage/ports.ts';
import type { RegularUseRule } from './rule.ts';

export type HolderKind = 'organization' | 'person' | 'device';

/** One row of the register of certificates, as far as a report needs it. */
export interface IssuedCertificate {
  readonly id: string;
  /** Absent when only a list names the certificate: no use can be counted for it. */
  readonly fingerprint?: string;
  readonly holderKind: HolderKind;
  readonly holderName: string;
  readonly accountId?: string;
  readonly agencyId: string;
  readonly medium: string;
  readonly issuer: string;
  readonly serial: string;
  /** UTC instants. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** State and period together. */
  statusAt(at: Date): 'pending' | 'notYetValid' | 'active' | 'expiring' | 'expired' | 'suspended' | 'revoked';
}

/** certificates -> usage. */
export interface CertificateSource {
  /** Every certificate in the register. */
  all(): AsyncIterable<IssuedCertificate>;
  byFingerprint(fingerprint: string): Promise<IssuedCertificate | undefined>;
}

export interface UsageDeps {
  readonly ledger: UsageLedger;
  readonly certificates: CertificateSource;
  readonly people: PeopleDirectory;
  readonly clock: Clock;
  /** Default: the rules that ship. */
  readonly rules?: readonly RegularUseRule[];
}
