import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { signPdf } from '../../server/signing/sign-pdf.ts';
import type { SignerFiles } from './authority.ts';
import type { Case } from './cases.ts';
import type { JudgedFile } from './judge.ts';
import type { Outside } from './outside.ts';

/** Signs the document of a case, once or several times and each time as somebody else, into a file of the folder. @throws whatever signing throws. */
export async function makeCase(
  { id, level, algorithm, provider, document }: Case,
  signerOf: (nth: number) => Promise<SignerFiles>,
  outside: Outside,
  folder: string,
): Promise<JudgedFile> {
  let file = await document.source(folder);
  for (const [nth, signature] of document.signatures.entries()) {
    const { appended } = await signPdf({
      ...algorithm.wish,
      ...signature,
      source: bytesSource(file),
      provider: await provider.open(await signerOf(nth)),
      clock: systemClock,
      level,
      ...outside,
    });
    file = Buffer.concat([file, appended]);
  }
  const path = join(folder, `${id}.pdf`);
  await writeFile(path, file);
  const { password } = document;
  return {
    id,
    path,
    level,
    signatures: document.signatures.length,
    ...(password !== undefined && { password }),
  };
}
