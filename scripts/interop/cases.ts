import type { PadesLevel } from '../../server/signing/levels.ts';
import { type DocumentRow, documents, plainDocument } from './documents.ts';
import { type AlgorithmRow, algorithms, documentAlgorithm, levels } from './matrix.ts';
import type { ProviderRow } from './provider.ts';
import { providers } from './providers/all.ts';

/** One signed file to be made and judged. */
export interface Case {
  readonly id: string;
  readonly level: PadesLevel;
  readonly algorithm: AlgorithmRow;
  readonly provider: ProviderRow;
  readonly document: DocumentRow;
}

/** Every level × algorithm × provider on a plain document, then every level × document with one algorithm. */
export function allCases(): Case[] {
  const ofAlgorithms = levels.flatMap((level) =>
    algorithms.flatMap((algorithm) =>
      providers
        .filter(({ supports }) => supports(algorithm, level))
        .map((provider) => ({ level, algorithm, provider, document: provider.document ?? plainDocument })),
    ),
  );
  const algorithm = algorithms.find(({ name }) => name === documentAlgorithm);
  const [provider] = providers;
  if (!algorithm) throw new Error(`no row for ${documentAlgorithm}`);
  const ofDocuments = levels.flatMap((level) =>
    documents
      .filter((row) => row.levels?.includes(level) ?? true)
      .map((document) => ({ level, algorithm, provider, document })),
  );
  return [...ofAlgorithms, ...ofDocuments].map((tested, index) => ({
    id: String(index + 1).padStart(4, '0'),
    ...tested,
  }));
}
