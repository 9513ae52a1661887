import type { CertificateEntry } from './register.ts';
import type { CertificateState, CertificateStatus } from './schema.ts';

/** How long before its end a certificate counts as expiring: renewal by Decree 68/2024 takes a request and a hand-over. */
const EXPIRING_DAYS = 30;

/** What the register held for true at a moment, by the dates the changes took effect. */
export function stateAt(entry: Pick<CertificateEntry, 'changes'>, at: Date): CertificateState {
  let state: CertificateState = 'pending';
  for (const change of entry.changes) {
    if (new Date(change.effective) <= at) state = change.to;
  }
  return state;
}

/** State and period together. Revocation outlasts expiry, since it says why signatures of that time are in doubt. */
export function statusAt(
  entry: Pick<CertificateEntry, 'changes' | 'notBefore' | 'notAfter'>,
  at: Date,
): CertificateStatus {
  const state = stateAt(entry, at);
  if (state === 'revoked') return 'revoked';
  const end = new Date(entry.notAfter);
  if (at > end) return 'expired';
  if (state !== 'active') return state;
  if (at < new Date(entry.notBefore)) return 'notYetValid';
  return end.getTime() - at.getTime() <= EXPIRING_DAYS * 86_400_000 ? 'expiring' : 'active';
}
