import type { Actor } from '../platform/route.ts';
import { CertificatesError } from './errors.ts';
import { readerOf } from './policy.ts';
import { type CertificateEntry, type CertificatesDeps, certificateRegister } from './register.ts';

/** @throws CertificatesError `certificates.not_found`, also for what the actor may not read. */
export async function getCertificate(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
): Promise<CertificateEntry> {
  const entry = await (await certificateRegister(deps.store)).get(id);
  if (!entry || !(await readerOf(deps.people, actor)(entry))) {
    throw new CertificatesError('certificates.not_found', `no certificate ${id}`);
  }
  return entry;
}

/** The entry of a certificate that was read, if the register has it. */
export async function entryByFingerprint(
  deps: Pick<CertificatesDeps, 'store'>,
  fingerprint: string,
): Promise<CertificateEntry | undefined> {
  const register = await certificateRegister(deps.store);
  const { items } = await register.find('fingerprint', { prefix: [fingerprint], limit: 1 });
  return items[0];
}
