import { parseCertificate } from '../pki/certificate.ts';
import type { Actor } from '../platform/route.ts';
import type { KeyStore } from '../signing/key-store.ts';
import type { KeyInfo } from '../signing/stored-key.ts';
import { CertificatesError } from './errors.ts';
import { getCertificate } from './get-certificate.ts';
import { mustKeep } from './policy.ts';
import type { CertificateEntry, CertificatesDeps } from './register.ts';

export interface KeyDeps extends CertificatesDeps {
  readonly keys: Pick<KeyStore, 'import' | 'attach' | 'unlock' | 'changePin' | 'byFingerprint'>;
}

export interface KeyFile {
  /** PKCS#12. */
  readonly p12: Uint8Array;
  readonly passphrase: string;
  /** Opens the key from now on. */
  readonly pin: string;
}

/**
 * Puts the key of a registered certificate into the key store. Only its holder or custodian may do it, who alone then knows
 * the PIN.
 * @throws CertificatesError `certificates.not_found`, `certificates.forbidden`, `certificates.revoked`,
 * `certificates.certificate_unknown`; SigningError `signing.p12_*`, `signing.pin_unfit`, `signing.key_exists`.
 */
export async function importKey(deps: KeyDeps, actor: Actor, id: string, file: KeyFile): Promise<KeyInfo> {
  const { agencyId, certificate } = await ownUsable(deps, actor, id);
  const { fingerprint } = certificate;
  return deps.keys.import({ ...file, fingerprint, agencyId, owner: actor.accountId, actor: actor.accountId });
}

/** Where a key is that no file holds. */
export interface KeyOnToken {
  /** Of the token, which keeps it. */
  readonly pin: string;
  /** Label or serial number of the token. */
  readonly token?: string;
}

/**
 * Takes down that the key of a registered certificate is on a token attached to this server. Only its holder or custodian may
 * do it, who alone knows the PIN.
 * @throws CertificatesError as {@link importKey}; SigningError `signing.token_*`, `signing.wrong_pin`, `signing.key_exists`.
 */
export async function attachKey(
  deps: KeyDeps,
  actor: Actor,
  id: string,
  where: KeyOnToken,
): Promise<KeyInfo> {
  const { agencyId, certificate } = await ownUsable(deps, actor, id);
  return deps.keys.attach({
    ...where,
    certificate,
    agencyId,
    owner: actor.accountId,
    actor: actor.accountId,
  });
}

/** @throws CertificatesError as {@link importKey}, `certificates.no_key`; SigningError `signing.wrong_pin`, `signing.pin_unfit`. */
export async function changePin(
  deps: KeyDeps,
  actor: Actor,
  id: string,
  pins: { readonly old: string; readonly new: string },
): Promise<KeyInfo> {
  const key = await keyOf(deps, await ownCertificate(deps, actor, id));
  return deps.keys.changePin(key.id, pins, actor.accountId);
}

/**
 * Lets a key be tried again after too many wrong PINs: for an administrator, and not for the own key.
 * @throws CertificatesError `certificates.not_found`, `certificates.forbidden`, `certificates.own_certificate`,
 * `certificates.no_key`.
 */
export async function unlockKey(deps: KeyDeps, actor: Actor, id: string): Promise<KeyInfo> {
  const entry = await getCertificate(deps, actor, id);
  if (entry.accountId === actor.accountId) {
    throw new CertificatesError('certificates.own_certificate', 'a holder may not unlock the own key');
  }
  await mustKeep(deps.people, actor, entry.agencyId);
  const key = await keyOf(deps, entry);
  return deps.keys.unlock(key.id, actor.accountId);
}

/** The own certificate, when its key may come into use here. */
async function ownUsable(deps: KeyDeps, actor: Actor, id: string) {
  const { state, agencyId, der } = await ownCertificate(deps, actor, id);
  if (state === 'revoked') throw new CertificatesError('certificates.revoked', 'revoked');
  if (der === undefined)
    throw new CertificatesError('certificates.certificate_unknown', 'only a list names it');
  return { agencyId, certificate: parseCertificate(Buffer.from(der, 'base64')) };
}

async function ownCertificate(deps: KeyDeps, actor: Actor, id: string): Promise<CertificateEntry> {
  const entry = await getCertificate(deps, actor, id);
  if (entry.accountId !== actor.accountId) {
    throw new CertificatesError('certificates.forbidden', 'only its holder may do this');
  }
  return entry;
}

async function keyOf({ keys }: KeyDeps, { fingerprint }: CertificateEntry): Promise<KeyInfo> {
  const key = fingerprint === undefined ? undefined : await keys.byFingerprint(fingerprint);
  if (!key) throw new CertificatesError('certificates.no_key', 'no key here');
  return key;
}
