import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Identity } from '../signing/identities.ts';

/** Empty, or why a test is skipped: put into its title so that the skip can be read. */
export const missingOpenssl =
  spawnSync('openssl', ['version']).status === 0 ? '' : ' (skipped: openssl is not installed)';

/** Runs `openssl` where the named files are; gives the content of `out`, or of the standard output. */
export function openssl(
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>>,
  out?: string,
): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'anso-openssl-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const printed = execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    return out === undefined ? printed : readFileSync(join(folder, out));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The judge: throws unless openssl takes the detached signature over `content` for valid. */
export function opensslVerify(cms: Uint8Array, content: Uint8Array, identity: Identity): void {
  openssl(
    [
      'cms',
      '-verify',
      '-binary',
      '-inform',
      'DER',
      '-in',
      'cms',
      '-content',
      'content',
      '-CAfile',
      'ca',
      '-purpose',
      'any',
      '-out',
      'none',
    ],
    { cms, content, ca: identity.pem },
  );
}

/** A CMS made by openssl with the options given. */
export const opensslSign = (
  content: Uint8Array,
  identity: Identity,
  options: readonly string[] = [],
): Buffer =>
  openssl(
    [
      'cms',
      '-sign',
      '-binary',
      '-outform',
      'DER',
      '-in',
      'content',
      '-signer',
      'cert',
      '-inkey',
      'key',
      '-out',
      'cms',
      ...options,
    ],
    { content, cert: identity.pem, key: identity.keyPem },
    'cms',
  );
