import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What the store keeps of a secret, hex: not enough to use it, enough to find it. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
