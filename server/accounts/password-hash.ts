import { hash, verify } from '@node-rs/argon2';
import { normalizePassword } from './password-rules.ts';

/** argon2id with the parameters OWASP names first: 19 MiB, two passes, one lane (the library's defaults are these). */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export function hashPassword(password: string): Promise<string> {
  return hash(normalizePassword(password), OPTIONS);
}

/** Takes as long for an account that does not exist (`undefined`) as for one that does, and is then false. */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('no account has this password');
  const matches = await verify(stored ?? (await decoy), normalizePassword(password));
  return matches && stored !== undefined;
}

let decoy: Promise<string> | undefined;
