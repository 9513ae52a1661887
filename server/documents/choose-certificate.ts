import type { Actor } from '../platform/route.ts';
import type { RegisteredCertificate } from '../platform/services.ts';
import type { DocumentSignature } from './document-record.ts';
import { DocumentsError } from './errors.ts';
import type { DocumentServices } from './services.ts';

export type UsableCertificate = RegisteredCertificate & { readonly keyId: string };

/**
 * The certificate a step is signed with: a person signs with their own, the clerk with the agency's (Decree 30/2020
 * articles 32.2.b and c: nobody uses another's). Its state is not asked here: a refusal for that is an attempt, and counted.
 *
 * @param id of the register; may be left out when only one certificate fits
 * @throws DocumentsError `documents.certificate_not_yours`, `documents.wrong_certificate`, `documents.choose_certificate`
 */
export async function chooseCertificate(
  deps: DocumentServices,
  actor: Actor,
  kind: DocumentSignature['kind'],
  id: string | undefined,
): Promise<UsableCertificate> {
  const usable = (await deps.certificates.heldBy(actor.accountId)).filter(
    (one): one is UsableCertificate => one.keyId !== undefined,
  );
  const wanted = id === undefined ? usable : usable.filter((one) => one.id === id);
  if (wanted.length === 0) {
    throw new DocumentsError('documents.certificate_not_yours', 'no such key of this account');
  }
  const fitting = wanted.filter((one) => fits(one, actor, kind));
  const active = fitting.filter(({ state }) => state === 'active');
  const candidates = active.length > 0 ? active : fitting;
  const [only] = candidates;
  if (only === undefined) throw wrongKind(kind);
  if (candidates.length > 1) {
    throw new DocumentsError('documents.choose_certificate', 'several certificates fit', {
      details: { certificates: candidates.map((one) => one.id) },
    });
  }
  return only;
}

/**
 * The same for a certificate whose key is elsewhere: the register must know it as theirs.
 * @throws DocumentsError `documents.certificate_not_yours`, `documents.wrong_certificate`
 */
export async function checkHeld(
  deps: DocumentServices,
  actor: Actor,
  kind: DocumentSignature['kind'],
  fingerprint: string,
): Promise<RegisteredCertificate> {
  const registered = await deps.certificates.byFingerprint(fingerprint);
  if (registered?.accountId !== actor.accountId) {
    throw new DocumentsError('documents.certificate_not_yours', 'not registered as theirs');
  }
  if (!fits(registered, actor, kind)) throw wrongKind(kind);
  return registered;
}

const wrongKind = (needs: DocumentSignature['kind']): DocumentsError =>
  new DocumentsError('documents.wrong_certificate', `the step needs a certificate that is ${needs}`, {
    details: { needs },
  });

function fits(one: RegisteredCertificate, actor: Actor, kind: DocumentSignature['kind']): boolean {
  if (kind === 'personal') return one.holderKind === 'person' && one.accountId === actor.accountId;
  return (
    one.holderKind === 'organization' && one.agencyId === actor.agencyId && actor.roles.includes('clerk')
  );
}
