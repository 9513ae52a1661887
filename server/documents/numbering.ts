import { documentSymbol, documentType } from '../composition/document-type.ts';
import { numberText } from '../composition/issue-text.ts';
import { vietnamDay } from '../storage/vietnam-day.ts';
import rules from './data/numbering.json' with { type: 'json' };
import type { DocumentRecord, Numbering } from './document-record.ts';
import type { DocumentServices } from './services.ts';

type Register = Numbering['register'];
interface Rule {
  readonly validFrom: string;
  /** `type`: a series for each type, `common`: one for the whole register. `notation`: the number has a symbol. */
  readonly registers: Readonly<Record<Register, { readonly series: string; readonly notation: boolean }>>;
  /** Types that share a series, each group with its name. */
  readonly groups: readonly { readonly name: string; readonly types: readonly string[] }[];
}

const OTHER = 'chung';

/**
 * In which series a document takes its number today, and what follows the number (Decree 30/2020, articles 8.3, 15):
 * `QĐ-UBND` for a typed document, agency and drafting unit for a công văn.
 *
 * @throws CompositionError `composition.unknown_type`
 */
export async function numberingOf(
  deps: DocumentServices,
  document: Pick<DocumentRecord, 'agencyId' | 'unitId' | 'fields'>,
  register: Register,
): Promise<Numbering> {
  const now = deps.clock.now();
  const date = vietnamDay(now.toISOString());
  const { registers, groups } = ruleOf(date);
  const rule = registers[register];
  const agency = await deps.people.agency(document.agencyId);
  const unit =
    document.unitId === undefined ? undefined : await deps.people.unit(document.agencyId, document.unitId);
  const { type: key } = document.fields;
  const type = rule.notation && typeof key === 'string' ? documentType(key, now) : undefined;
  const group =
    rule.series === 'type' && type !== undefined ? (groupOf(groups, type.key) ?? type.key) : OTHER;
  const code = agency?.code ?? document.agencyId;
  return {
    register,
    series: `${code}/${register}/${group}/${date.slice(0, 4)}`,
    date,
    ...(type !== undefined && { symbol: documentSymbol(type, agency?.notation ?? code, unit?.notation) }),
  };
}

/** `05/QĐ-UBND`; the bare number where the register has no symbols. */
export const printedNumber = (number: number, symbol: string | undefined): string =>
  symbol === undefined ? numberText(number) : `${numberText(number)}/${symbol}`;

function ruleOf(date: string): Rule {
  const dated: readonly Rule[] = rules;
  const rule = dated.findLast(({ validFrom }) => validFrom <= date) ?? dated[0];
  if (rule === undefined) throw new TypeError('numbering.json holds no rule');
  return rule;
}

const groupOf = (groups: Rule['groups'], type: string): string | undefined =>
  groups.find(({ types }) => types.includes(type))?.name;
