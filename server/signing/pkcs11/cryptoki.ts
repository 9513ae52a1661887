import type { Handle, PKCS11 } from 'pkcs11js';
import { SigningError } from '../errors.ts';
import { Ck } from './constants.ts';
import { cryptokiCode } from './translate-error.ts';

/** What of a PKCS#11 module is used here; tests give their own. */
export type Cryptoki = Pick<
  PKCS11,
  | 'C_Initialize'
  | 'C_Finalize'
  | 'C_GetSlotList'
  | 'C_GetTokenInfo'
  | 'C_GetMechanismList'
  | 'C_OpenSession'
  | 'C_CloseSession'
  | 'C_Login'
  | 'C_Logout'
  | 'C_FindObjectsInit'
  | 'C_FindObjects'
  | 'C_FindObjectsFinal'
  | 'C_GetAttributeValue'
  | 'C_SignInit'
  | 'C_Sign'
>;
export type { Handle };

/**
 * Loads the module (a shared library) through pkcs11js, which is native and may be missing.
 * @param binding what to import for it.
 * @throws SigningError `signing.pkcs11_unavailable`, `signing.pkcs11_module_unusable`
 */
export async function loadCryptoki(modulePath: string, binding: string): Promise<Cryptoki> {
  const cryptoki = await bind(binding);
  try {
    cryptoki.load(modulePath);
    initialise(cryptoki);
    return cryptoki;
  } catch (cause) {
    throw new SigningError('signing.pkcs11_module_unusable', `${modulePath} cannot be used`, { cause });
  }
}

async function bind(binding: string): Promise<PKCS11> {
  try {
    const { default: pkcs11js }: { default: { PKCS11: new () => PKCS11 } } = await import(binding);
    return new pkcs11js.PKCS11();
  } catch (cause) {
    throw new SigningError('signing.pkcs11_unavailable', 'pkcs11js cannot be loaded', { cause });
  }
}

/** A module is initialised once a process: another thread, now gone, may have done it. */
export function initialise(cryptoki: Cryptoki): void {
  try {
    cryptoki.C_Initialize({ flags: Ck.osLocking });
  } catch (error) {
    if (cryptokiCode(error) !== 'CKR_CRYPTOKI_ALREADY_INITIALIZED') throw error;
  }
}
