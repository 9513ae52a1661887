import { PdfError } from '../errors.ts';
import type { StandardEncryption } from './encryption-dictionary.ts';
import { legacyOwnerKey, legacyUserKey } from './legacy-key.ts';
import { modernOwnerKey, modernUserKey } from './modern-key.ts';
import { passwordBytes } from './password-bytes.ts';

export interface Unlocked {
  /** The file encryption key. */
  readonly key: Uint8Array;
  /** Whose password it was; the owner may do everything (ISO 32000-2 7.6.4.1). */
  readonly openedBy: 'owner' | 'user';
}

/**
 * Finds the file encryption key by a password; without one the empty password is tried, with which readers open a file
 * that anyone may read. `id` is the first part of the file identifier.
 * @throws PdfError `pdf.password_required`, `pdf.password_wrong`.
 */
export function unlock(
  encryption: StandardEncryption,
  id: Uint8Array,
  password: string | undefined,
): Unlocked {
  const modern = encryption.revision >= 5;
  for (const bytes of passwordBytes(encryption.revision, password ?? '')) {
    const byOwner = modern ? modernOwnerKey(encryption, bytes) : legacyOwnerKey(encryption, id, bytes);
    if (byOwner) return { key: byOwner, openedBy: 'owner' };
    const byUser = modern ? modernUserKey(encryption, bytes) : legacyUserKey(encryption, id, bytes);
    if (byUser) return { key: byUser, openedBy: 'user' };
  }
  if (password === undefined || password === '') {
    throw new PdfError('pdf.password_required', 'the document opens with a password only');
  }
  throw new PdfError('pdf.password_wrong', 'neither the user password nor the owner password');
}
