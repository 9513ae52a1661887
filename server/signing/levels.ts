import { EvidenceError } from '../evidence/errors.ts';
import type { TimeStamper } from '../evidence/ports.ts';

/** The baseline levels of EN 319 142-1 6, each holding what the one before it holds. */
export const padesLevels = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const;
export type PadesLevel = (typeof padesLevels)[number];

export const isPadesLevel = (text: string): text is PadesLevel => padesLevels.some((level) => level === text);

/** Whether `level` holds all that `wanted` asks for. */
export const isAtLeast = (level: PadesLevel, wanted: PadesLevel): boolean =>
  padesLevels.indexOf(level) >= padesLevels.indexOf(wanted);

/** @throws EvidenceError `evidence.no_authority` */
export function stamperFor(level: PadesLevel, stamper: TimeStamper | undefined): TimeStamper {
  if (stamper) return stamper;
  throw new EvidenceError('evidence.no_authority', `${level} needs time stamps`, { details: { level } });
}
