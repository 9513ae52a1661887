import { Value } from 'typebox/value';
import { parseCsv } from '../platform/csv.ts';
import { CertificatesError } from './errors.ts';
import columns from './issued-list-columns.json' with { type: 'json' };
import { IssuedRow } from './schema.ts';

/** More than all official certificates of a large province; a longer list is two uploads. */
const MAX_ROWS = 50_000;
const MAX_PROBLEMS = 100;

export interface RowProblem {
  /** From 1; in CSV the header is row 1. */
  readonly row: number;
  readonly field: string;
  readonly message: string;
}

/**
 * Reads a list of issued certificates: a JSON array of rows, or CSV with English or Vietnamese column names and dates as
 * `YYYY-MM-DD` or `DD/MM/YYYY` (whole days in Vietnam). All or nothing.
 * @throws CertificatesError `certificates.bad_list`, with every problem found (up to 100) in its details.
 */
export function readIssuedList(text: string): IssuedRow[] {
  const candidates = /^\ufeff?\s*\[/.test(text) ? readJson(text) : readCsv(text);
  if (candidates.length > MAX_ROWS)
    refuse([{ row: MAX_ROWS, field: '', message: `at most ${MAX_ROWS} rows` }]);
  const rows: IssuedRow[] = [];
  const problems: RowProblem[] = [];
  for (const { row, value } of candidates) {
    const found = problemOf(value);
    if (found) problems.push({ row, ...found });
    else rows.push(value as IssuedRow);
  }
  if (problems.length > 0) refuse(problems);
  return rows;
}

type Candidate = { readonly row: number; readonly value: unknown };

function readJson(text: string): Candidate[] {
  try {
    const values: unknown[] = JSON.parse(text.replace(/^\ufeff/, ''));
    return values.map((value, index) => ({ row: index + 1, value }));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return refuse([{ row: 1, field: '', message: cause.message }]);
  }
}

function readCsv(text: string): Candidate[] {
  try {
    const [header = [], ...rows] = parseCsv(text);
    const fields = header.map((title) => aliases.get(fold(title)));
    if (!fields.includes('serial')) refuse([{ row: 1, field: 'serial', message: 'no such column' }]);
    return rows.map((cells, index) => ({ row: index + 2, value: rowOf(fields, cells) }));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return refuse([{ row: 1, field: '', message: cause.message }]);
  }
}

const fold = (text: string): string =>
  text
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, ' ');

const aliases = new Map(
  Object.entries(columns.fields).flatMap(([field, titles]) =>
    [field, ...titles].map((title) => [fold(title), field] as const),
  ),
);
const words: Readonly<Record<string, string>> = columns.values;

function rowOf(fields: readonly (string | undefined)[], cells: readonly string[]): Record<string, string> {
  const value: Record<string, string> = {};
  fields.forEach((field, index) => {
    const cell = cells[index]?.trim() ?? '';
    if (field === undefined || cell === '') return;
    if (field === 'notBefore' || field === 'revokedAt') value[field] = instantOf(cell, '00:00:00');
    else if (field === 'notAfter') value[field] = instantOf(cell, '23:59:59');
    else if (field === 'holderKind' || field === 'medium' || field === 'state' || field === 'reason') {
      value[field] = words[fold(cell)] ?? cell;
    } else if (field === 'serial' || field === 'fingerprint') {
      value[field] = cell.replace(/[\s:]/g, '').toLowerCase();
    } else value[field] = cell.normalize('NFC');
  });
  return value;
}

/** A date stands for its day in Vietnam; anything else is left as it is and judged by the schema. */
function instantOf(text: string, time: string): string {
  const [, y, m, d] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const [, day, month, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const date = `${y ?? year}-${m ?? month?.padStart(2, '0')}-${d ?? day?.padStart(2, '0')}`;
  const instant = new Date(`${date}T${time}+07:00`);
  return Number.isNaN(instant.getTime()) ? text : instant.toISOString();
}

function problemOf(value: unknown): { field: string; message: string } | undefined {
  if (!Value.Check(IssuedRow, value)) {
    const [first] = Value.Errors(IssuedRow, value);
    return { field: first?.instancePath.slice(1) ?? '', message: first?.message ?? 'not valid' };
  }
  const [begin, end, revoked] = [value.notBefore, value.notAfter, value.revokedAt].map(
    (time) => time && new Date(time).getTime(),
  );
  // Also when one of them is a leap second, which no Date can be.
  if (!(Number(begin) < Number(end))) return { field: 'notAfter', message: 'must be after notBefore' };
  if ((value.state === 'revoked') !== (revoked !== undefined)) {
    return { field: 'revokedAt', message: 'belongs to the state "revoked", which demands it' };
  }
  if (revoked !== undefined && !(Number(revoked) >= Number(begin))) {
    return { field: 'revokedAt', message: 'must not be before notBefore' };
  }
  return undefined;
}

function refuse(problems: readonly RowProblem[]): never {
  throw new CertificatesError('certificates.bad_list', `${problems.length} rows are not valid`, {
    details: { problems: problems.slice(0, MAX_PROBLEMS), count: problems.length },
  });
}
