import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { certificateLabels, crlLabels, readPemOrDer } from '../pki/pem.ts';
import type { Logger, TrustMaterial } from './services.ts';

const MAX_FILE = 64 * 1024 * 1024;

/**
 * Trust material kept as files, `.pem`, `.crt`, `.cer`, `.der` or `.crl`, PEM or DER. Folders are read again when a file
 * was added, removed or changed; a folder that is missing counts as empty, a PEM file of something else is passed over.
 */
export function trustFolders(
  folders: { readonly anchors: string; readonly intermediates: string; readonly crls: string },
  logger: Logger,
): TrustMaterial {
  const anchors = watchedFolder(folders.anchors, certificateLabels, logger);
  const intermediates = watchedFolder(folders.intermediates, certificateLabels, logger);
  const crls = watchedFolder(folders.crls, crlLabels, logger);
  return {
    current: async () => ({
      anchors: await anchors(),
      intermediates: await intermediates(),
      crls: await crls(),
    }),
  };
}

function watchedFolder(
  folder: string,
  labels: readonly string[],
  logger: Logger,
): () => Promise<readonly Uint8Array[]> {
  let known = '';
  let content: readonly Uint8Array[] = [];
  return async () => {
    const files = await listing(folder);
    const state = files.map(({ path, size, changed }) => `${path}:${size}:${changed}`).join('\n');
    if (state !== known) {
      const read = await Promise.all(files.map(({ path }) => readDer(path, labels, logger)));
      content = read.flat();
      known = state;
    }
    return content;
  };
}

async function listing(folder: string): Promise<{ path: string; size: number; changed: number }[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = names.filter((name) => /\.(pem|crt|cer|der|crl)$/i.test(name)).sort();
  const facts = await Promise.all(
    files.map(async (name) => {
      const path = join(folder, name);
      const { size, mtimeMs } = await stat(path);
      return { path, size, changed: mtimeMs };
    }),
  );
  return facts.filter(({ size }) => size <= MAX_FILE);
}

async function readDer(
  path: string,
  labels: readonly string[],
  logger: Logger,
): Promise<readonly Uint8Array[]> {
  try {
    return readPemOrDer(await readFile(path), labels);
  } catch (error) {
    logger.warn({ path, error }, 'trust file cannot be read');
    return [];
  }
}
