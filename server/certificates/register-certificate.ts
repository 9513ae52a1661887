import type { Certificate } from '../pki/certificate.ts';
import { suggestHolder } from '../pki/holder.ts';
import type { Actor } from '../platform/route.ts';
import { CertificatesError } from './errors.ts';
import { entryByFingerprint } from './get-certificate.ts';
import { holderName, issuerName } from './holder.ts';
import { mustKeep } from './policy.ts';
import {
  type CertificateEntry,
  type CertificatesDeps,
  certificateEvent,
  certificateId,
  certificateRegister,
  handOver,
} from './register.ts';
import type { Holding } from './schema.ts';

/**
 * Puts a certificate into the register, or completes the row that a list of issued certificates left for it.
 * @throws CertificatesError `certificates.already_registered` (details: `id`), `certificates.is_authority`,
 * `certificates.unknown_agency`, `certificates.unknown_account`, `certificates.forbidden`.
 */
export async function registerCertificate(
  deps: CertificatesDeps,
  actor: Actor,
  certificate: Certificate,
  holding: Holding,
): Promise<CertificateEntry> {
  await mustKeep(deps.people, actor, holding.agencyId);
  await mustExist(deps, holding);
  if (certificate.isCa) throw new CertificatesError('certificates.is_authority', 'a CA certificate');

  const register = await certificateRegister(deps.store);
  const id = certificateId(issuerName(certificate.issuer), certificate.serial);
  const known = (await entryByFingerprint(deps, certificate.fingerprint)) ?? (await register.get(id));
  if (!known) return register.insert(newEntry(deps, actor, id, certificate, holding));
  const isListed = known.der === undefined && known.id === id;
  // The list named another certificate under this number: which of the two is right, a person must find out.
  const fits = known.fingerprint === undefined || known.fingerprint === certificate.fingerprint;
  if (!isListed || !fits) {
    throw new CertificatesError('certificates.already_registered', 'registered before', {
      details: { id: known.id },
    });
  }
  await mustKeep(deps.people, actor, known.agencyId);
  const outbox = [certificateEvent(deps, actor.accountId, 'completed', id, factsOf(certificate, holding))];
  const { medium = known.medium } = holding;
  return register.replace({ ...known, ...partsOf(certificate), ...placeOf(holding), medium, outbox });
}

function newEntry(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
  certificate: Certificate,
  holding: Holding,
): Omit<CertificateEntry, 'revision'> {
  const now = deps.clock.now();
  const state = holding.state ?? 'active';
  const parts = partsOf(certificate);
  return {
    id,
    ...parts,
    ...placeOf(holding),
    holderKind: holding.holderKind ?? suggestHolder(certificate).kind,
    holderName: holderName(certificate),
    medium: holding.medium ?? 'token',
    state,
    changes: [handOver(state, parts.notBefore, now, actor.accountId)],
    registeredAt: now.toISOString(),
    outbox: [certificateEvent(deps, actor.accountId, 'registered', id, factsOf(certificate, holding))],
  };
}

const partsOf = (certificate: Certificate) => ({
  fingerprint: certificate.fingerprint,
  issuer: issuerName(certificate.issuer),
  serial: certificate.serial,
  subject: certificate.subject.rdns.flat(),
  der: Buffer.from(certificate.der).toString('base64'),
  notBefore: certificate.notBefore.toISOString(),
  notAfter: certificate.notAfter.toISOString(),
});

const placeOf = ({ agencyId, unitId, accountId }: Holding) => ({
  agencyId,
  ...(unitId === undefined ? {} : { unitId }),
  ...(accountId === undefined ? {} : { accountId }),
});

const factsOf = ({ fingerprint, serial }: Certificate, { agencyId, accountId }: Holding) => ({
  fingerprint,
  serial,
  agencyId,
  ...(accountId === undefined ? {} : { accountId }),
});

async function mustExist({ people }: CertificatesDeps, { agencyId, accountId }: Holding): Promise<void> {
  if (!(await people.agency(agencyId))) {
    throw new CertificatesError('certificates.unknown_agency', `no agency ${agencyId}`);
  }
  if (accountId === undefined) return;
  const account = await people.account(accountId);
  if (account?.agencyId !== agencyId) {
    throw new CertificatesError('certificates.unknown_account', `no account ${accountId} in that agency`);
  }
}
