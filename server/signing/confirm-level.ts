import { certificateStatus, isTrusted } from '../verification/certificate-status.ts';
import type { Examination, ExaminedSignature } from '../verification/examine-signatures.ts';
import type { MissingPart } from '../verification/level.ts';
import { SigningError } from './errors.ts';
import { isAtLeast, type PadesLevel } from './levels.ts';

export interface ReachedLevel {
  readonly field: string;
  /** As verification names it; `CMS` for a signature that is no PAdES baseline one, whatever proves it. */
  readonly level: string;
}

/** What keeps a signature below a level. */
const NEEDED: Readonly<Record<PadesLevel, readonly MissingPart['part'][]>> = {
  'B-B': [],
  'B-T': ['time_stamp'],
  'B-LT': ['time_stamp', 'chain', 'revocation'],
  'B-LTA': ['time_stamp', 'chain', 'revocation', 'archive_time_stamp'],
};

/**
 * Judges what was written as anybody would who has only the file and the trusted roots.
 * @throws SigningError `signing.level_not_reached`, whose details say of which signature, and what is missing
 */
export function confirmLevel(
  examined: Examination,
  fields: ReadonlySet<string | undefined>,
  to: PadesLevel,
  at: Date,
): readonly ReachedLevel[] {
  const raised = examined.signatures.filter(
    ({ facts }) => facts.entry.type === 'signature' && fields.has(facts.entry.fieldName),
  );
  return raised.map((signature) => {
    const field = signature.facts.entry.fieldName ?? '';
    const missing = missingFor(signature, examined, to, at);
    if (missing.length > 0) {
      throw new SigningError('signing.level_not_reached', `${field} lacks ${missing.join(', ')}`, {
        details: { field, level: to, missing },
      });
    }
    return { field, level: signature.level.level ?? '' };
  });
}

function missingFor(
  { facts, proof, level }: ExaminedSignature,
  { sources }: Examination,
  to: PadesLevel,
  at: Date,
): readonly string[] {
  if (facts.integrity !== 'intact' || !facts.certificate) return ['integrity'];
  const missing = level.missing
    .filter(({ part }) => NEEDED[to].includes(part))
    .map(({ part, certificate }) => (certificate ? `${part} (${certificate.subject})` : part));
  if (missing.length > 0 || !isAtLeast(to, 'B-LT')) return missing;
  // All is there; it has to convince as well.
  if (!proof.provenTime) return ['trusted time_stamp'];
  return isTrusted(certificateStatus(facts.certificate, sources, proof.provenTime, at)) ? [] : ['trust'];
}
