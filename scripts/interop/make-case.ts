import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../server/platform/clock.ts';
import type { SignerFiles } from './authority.ts';
import type { Case } from './cases.ts';
import type { JudgedFile } from './judge.ts';
import type { Outside } from './outside.ts';
import type { OpenProvider } from './provider.ts';

export interface Workshop {
  /** Whoever signs the nth time with a key of the case's kind. */
  readonly signerOf: (tested: Case, nth: number) => Promise<SignerFiles>;
  readonly providerOf: (tested: Case) => Promise<OpenProvider>;
  readonly outside: Outside;
  readonly folder: string;
}

/**
 * Signs the document of a case, once or several times and each time as somebody else, into a file of the folder.
 * @throws whatever signing throws.
 */
export async function makeCase(tested: Case, workshop: Workshop): Promise<JudgedFile> {
  const { id, level, algorithm, document } = tested;
  const { folder, outside } = workshop;
  const provider = await workshop.providerOf(tested);
  let file = await document.source(folder);
  for (const [nth, signature] of document.signatures.entries()) {
    const signer = await workshop.signerOf(tested, nth);
    const terms = { ...algorithm.wish, ...signature, ...outside, clock: systemClock, level };
    file = await provider.sign({ file, signer, terms });
  }
  const { password, wrong } = document;
  const path = join(folder, `${id}.pdf`);
  await writeFile(path, wrong?.damage ? wrong.damage(file) : file);
  return {
    id,
    path,
    level,
    signatures: document.signatures.length,
    ...(password !== undefined && { password }),
  };
}
