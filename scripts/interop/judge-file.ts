import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crlLabels, readPemOrDer } from '../../server/pki/pem.ts';
import type { PadesLevel } from '../../server/signing/levels.ts';
import type { Judge } from './judge.ts';

export interface GivenFile {
  readonly path: string;
  /** PEM. */
  readonly root: string;
  /** Revocation lists, PEM. */
  readonly crls: string;
  readonly level: PadesLevel;
  readonly signatures: number;
}

export interface JudgementOfFile {
  readonly judge: string;
  /** Undefined when the judge was skipped. */
  readonly accepted?: boolean;
  readonly says: string;
}

/** Has one file, made elsewhere, judged: what the demonstration leaves, say. */
export async function judgeFile(
  { path, root, crls, level, signatures }: GivenFile,
  judges: readonly Judge[],
  folder: string,
  cache: string,
): Promise<readonly JudgementOfFile[]> {
  await mkdir(folder, { recursive: true });
  const lists = await Promise.all(
    readPemOrDer(await readFile(crls), crlLabels).map(async (der, index) => {
      const list = join(folder, `${index}.crl`);
      await writeFile(list, der);
      return list;
    }),
  );
  const judgements: JudgementOfFile[] = [];
  for (const judge of judges) {
    const { name } = judge;
    const skipped = await judge.missing(cache);
    if (skipped !== undefined) {
      judgements.push({ judge: name, says: `SKIPPED: ${skipped}` });
      continue;
    }
    const bench = { root, crls: lists, folder, cache };
    const [verdict] = await judge.judge([{ id: 'file', path, level, signatures }], bench);
    const { accepted = false, says = 'no verdict' } = verdict ?? {};
    judgements.push({ judge: name, accepted, says });
  }
  return judgements;
}
