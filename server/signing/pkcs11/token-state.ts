import { TokenFlag } from './constants.ts';
import type { Cryptoki, Handle } from './cryptoki.ts';
import type { TokenState } from './messages.ts';

export function readTokenState(cryptoki: Cryptoki, slot: Handle): TokenState {
  const { label, serialNumber, manufacturerID, model, flags } = cryptoki.C_GetTokenInfo(slot);
  const has = (flag: number): boolean => (flags & flag) !== 0;
  return {
    label: unpadded(label),
    serial: unpadded(serialNumber),
    manufacturer: unpadded(manufacturerID),
    model: unpadded(model),
    initialised: has(TokenFlag.tokenInitialised),
    pinSet: has(TokenFlag.userPinInitialised),
    loginRequired: has(TokenFlag.loginRequired),
    protectedPath: has(TokenFlag.protectedPath),
    pinCountLow: has(TokenFlag.pinCountLow),
    pinFinalTry: has(TokenFlag.pinFinalTry),
    pinLocked: has(TokenFlag.pinLocked),
    pinToBeChanged: has(TokenFlag.pinToBeChanged),
  };
}

/** Texts of a token are padded with blanks (PKCS#11 3.1), by some modules with zeros. */
const unpadded = (text: string): string => text.replace(/[\0 ]+$/u, '');
