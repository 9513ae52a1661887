import lists from './document-types.json' with { type: 'json' };
import { CompositionError } from './errors.ts';

export interface DocumentType {
  /** What the field `type` of a document holds: the abbreviation, or a name of ours for a type that has none. */
  readonly key: string;
  /** Absent for công văn and thư công, which do not appear in a number. */
  readonly abbreviation?: string;
  readonly name: string;
}

/**
 * The document type in force on a day.
 * @throws CompositionError `composition.unknown_type`.
 */
export function documentType(key: string, at: Date): DocumentType {
  const day = at.toISOString().slice(0, 10);
  const list = lists.findLast(({ from }) => from <= day);
  const type = list?.types.find((one) => one.key === key);
  if (type === undefined) {
    throw new CompositionError('composition.unknown_type', 'no such document type', {
      details: { type: key },
    });
  }
  return type;
}

/**
 * Symbol of a document after the number (ND 30/2020, Appendix I, II.3): `QĐ-UBND` for a typed document; agency and
 * drafting unit for a công văn (`UBND-VP`).
 */
export function documentSymbol(type: DocumentType, agencyNotation: string, unitNotation?: string): string {
  if (type.abbreviation !== undefined) return `${type.abbreviation}-${agencyNotation}`;
  return unitNotation === undefined ? agencyNotation : `${agencyNotation}-${unitNotation}`;
}
