import { openPkcs12 } from '../../../server/signing/open-pkcs12.ts';
import type { SeedFile } from '../fuzz-case.ts';
import { isAnswer } from './problem.ts';

/** Opens the bytes as PKCS#12; an error must have a code and tell neither passphrase nor key. */
export function pkcs12Checker(
  passphrase: string,
  secrets: readonly string[],
): (bytes: SeedFile['bytes']) => Promise<string | undefined> {
  return async (bytes) => {
    try {
      await openPkcs12(bytes, passphrase);
      return undefined;
    } catch (error) {
      if (!isAnswer(['signing'], error)) throw error;
      const said = error instanceof Error ? `${error.message} ${JSON.stringify(error)}` : '';
      return secrets.some((secret) => said.includes(secret)) ? 'an error tells a secret' : undefined;
    }
  };
}
