import type { Actor } from '../platform/route.ts';
import { CertificatesError } from './errors.ts';
import { getCertificate } from './get-certificate.ts';
import { mustChangeState } from './policy.ts';
import {
  type CertificateEntry,
  type CertificatesDeps,
  certificateEvent,
  certificateRegister,
} from './register.ts';
import type { CertificateState, StateAction, StateChangeBody } from './schema.ts';

/** From which states an action leads to which; a revoked certificate never comes back (RFC 5280 5.3.1). */
const transitions: Readonly<
  Record<StateAction, { readonly from: readonly CertificateState[]; readonly to: CertificateState }>
> = {
  activate: { from: ['pending'], to: 'active' },
  suspend: { from: ['active'], to: 'suspended' },
  resume: { from: ['suspended'], to: 'active' },
  revoke: { from: ['pending', 'active', 'suspended'], to: 'revoked' },
};

/**
 * Activates, suspends, resumes or revokes a certificate, with a reason, and writes who did it.
 * @throws CertificatesError `certificates.not_found`, `certificates.forbidden`, `certificates.own_certificate`,
 * `certificates.bad_transition` (details: `state`), `certificates.bad_date`.
 * @throws StorageError `storage.conflict` when somebody else changed it at the same time.
 */
export async function changeState(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
  { action, reason, note, effective }: StateChangeBody,
): Promise<CertificateEntry> {
  const entry = await getCertificate(deps, actor, id);
  await mustChangeState(deps.people, actor, entry, action);
  const { from, to } = transitions[action];
  if (!from.includes(entry.state)) {
    throw new CertificatesError('certificates.bad_transition', `${action} from ${entry.state}`, {
      details: { state: entry.state, action },
    });
  }
  const now = deps.clock.now();
  const since = effective === undefined ? now : new Date(effective);
  mustFollow(entry, since, now);
  const change = {
    time: now.toISOString(),
    effective: since.toISOString(),
    to,
    reason,
    note,
    actor: actor.accountId,
  };
  const register = await certificateRegister(deps.store);
  return register.replace({
    ...entry,
    state: to,
    changes: [...entry.changes, change],
    outbox: [certificateEvent(deps, actor.accountId, action, id, { from: entry.state, to, reason, note })],
  });
}

/** A change may be written down late (the token was lost on Friday) but not ahead, and not before the last one. */
function mustFollow(entry: CertificateEntry, since: Date, now: Date): void {
  const last = entry.changes.at(-1)?.effective ?? entry.notBefore;
  if (since > now || since < new Date(last)) {
    throw new CertificatesError('certificates.bad_date', `${since.toISOString()} is out of order`, {
      details: { notBefore: last, notAfter: now.toISOString() },
    });
  }
}
