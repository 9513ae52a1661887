import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { PlatformError } from './errors.ts';

const KEY_BYTES = 32;

/**
 * The key that encrypts the key store: from `given` (base64) or else from `file`, which is made when it is missing.
 * @throws PlatformError `platform.bad_server_key`, `platform.key_file_open` when group or world may read the file.
 */
export function loadServerKey(options: { given?: string | undefined; file: string }): Buffer {
  if (options.given !== undefined) return decode(options.given, 'ANSO_SERVER_KEY');
  try {
    return readKeyFile(options.file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  createKeyFile(options.file);
  return readKeyFile(options.file);
}

function readKeyFile(file: string): Buffer {
  const { mode } = statSync(file);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new PlatformError(
      'platform.key_file_open',
      `${file} has mode ${(mode & 0o777).toString(8)}: group and others must have no access; run chmod 600 on it`,
    );
  }
  return decode(readFileSync(file, 'utf8'), file);
}

/** Whole or not at all, and never over an existing key: a second server that starts now takes the first one's. */
function createKeyFile(file: string): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(handle, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(temporary);
  }
  const folderHandle = openSync(folder, 'r');
  fsyncSync(folderHandle);
  closeSync(folderHandle);
}

function decode(text: string, source: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== KEY_BYTES) {
    throw new PlatformError(
      'platform.bad_server_key',
      `${source} does not hold ${KEY_BYTES} bytes in base64`,
    );
  }
  return key;
}
