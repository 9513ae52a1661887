import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { countValues } from '../../json/count-values.ts';
import { type Fault, pointer, type Rule } from './finding.ts';
import { type PatternFault, patternFault } from './safe-pattern.ts';

/** The schema of the document data is run on whatever people type: it must be valid and bounded. */
export const fieldsSchema: Rule = {
  id: 'fields-schema',
  severity: 'error',
  check: ({ fields }) => {
    if (isTooLarge(fields)) return [tooLarge];
    const faults = [...unsafeParts(fields, '/fields', 0)];
    if ((fields as { type?: unknown }).type !== 'object') {
      faults.push({ path: '/fields/type', vi: 'Phải là "object".', en: 'Must be "object".' });
    }
    return faults.length > 0 ? faults : invalidParts(fields);
  },
};

const maxDepth = 16;
/** A schema becomes code, and compiling it holds up everybody: the largest that ships is a fifth of this. */
const maxValues = 1_000;
const maxCharacters = 32_000;
const tooLarge: Fault = {
  path: '/fields',
  vi: `Lược đồ quá lớn: nhiều nhất ${maxValues} giá trị và ${maxCharacters} ký tự.`,
  en: `The schema is too large: at most ${maxValues} values and ${maxCharacters} characters.`,
};
const dialect = 'https://json-schema.org/draft/2020-12/schema';
/**
 * They name or fetch other schemas, or make one schema mean another where it is used; ajv's code for `dependentRequired`
 * grows with the square of its list.
 */
const forbidden = new Set([
  '$id',
  '$anchor',
  '$dynamicRef',
  '$dynamicAnchor',
  '$recursiveRef',
  '$recursiveAnchor',
  '$vocabulary',
  'dependentRequired',
]);

function* unsafeParts(value: unknown, path: string, depth: number): Iterable<Fault> {
  if (typeof value !== 'object' || value === null) return;
  if (depth > maxDepth) {
    yield { path, vi: 'Lược đồ lồng nhau quá sâu.', en: 'The schema is nested too deeply.' };
    return;
  }
  const schema = value as Record<string, unknown>;
  for (const [key, child] of Object.entries(schema)) {
    const at = `${path}/${pointer(key)}`;
    if (forbidden.has(key) || (key === '$schema' && child !== dialect)) yield refused(at);
    if (key === '$ref' && !isLocalDefinition(child, path)) yield refused(at);
    if (key === 'uniqueItems' && child === true && !hasScalarItems(schema)) {
      yield {
        path: at,
        vi: 'uniqueItems chỉ dùng cho danh sách chuỗi hoặc số (items có "type").',
        en: 'uniqueItems is for lists of texts or numbers: items needs such a "type".',
      };
    }
    if (key === 'pattern' && typeof child === 'string') yield* patternFaults(child, at);
    if (key === 'patternProperties' && typeof child === 'object' && child !== null) {
      for (const pattern of Object.keys(child)) yield* patternFaults(pattern, `${at}/${pointer(pattern)}`);
    }
    yield* unsafeParts(child, at, depth + 1);
  }
}

/** Only `#/$defs/name`, and not from within a definition: references cannot form circles or multiply. */
function isLocalDefinition(ref: unknown, path: string): boolean {
  if (typeof ref !== 'string') return path.endsWith('/properties');
  return /^#\/\$defs\/[^/~%]+$/u.test(ref) && !path.startsWith('/fields/$defs/');
}

function refused(path: string): Fault {
  return {
    path,
    vi: 'Không được dùng ở đây; lược đồ chỉ tham chiếu phần $defs của chính nó.',
    en: 'Not allowed here; the schema may refer to nothing but its own $defs.',
  };
}

function isTooLarge(fields: object): boolean {
  return JSON.stringify(fields).length > maxCharacters || countValues(fields) > maxValues;
}

/** Such items ajv compares through a table, all others each with each. */
function hasScalarItems({ items }: Record<string, unknown>): boolean {
  const { type } = Object(items) as { type?: unknown };
  return type === 'string' || type === 'number' || type === 'integer';
}

const patternTexts: Record<PatternFault, { vi: string; en: string }> = {
  malformed: { vi: 'Biểu thức chính quy viết sai.', en: 'The regular expression is malformed.' },
  too_long: { vi: 'Biểu thức chính quy quá dài.', en: 'The regular expression is too long.' },
  unsupported: {
    vi: 'Biểu thức chính quy dùng phép không được phép (nhìn trước, nhìn sau, tham chiếu ngược).',
    en: 'The regular expression uses look-around or a back reference.',
  },
  may_backtrack: {
    vi: 'Biểu thức chính quy có thể chạy rất lâu; hãy neo bằng ^ và tránh lặp lồng nhau.',
    en: 'The regular expression may run very long; anchor it with ^ and do not nest repetitions.',
  },
};

function* patternFaults(pattern: string, path: string): Iterable<Fault> {
  const fault = patternFault(pattern);
  if (fault !== undefined) yield { path, ...patternTexts[fault] };
}

function invalidParts(fields: object): Fault[] {
  // A fresh instance each time: what one definition declares is nothing to the next.
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictTuples: false,
    allErrors: true,
    // Written out at each $ref, one long definition would become many.
    inlineRefs: false,
    logger: false,
  });
  ajvFormats.default(ajv);
  try {
    ajv.compile(fields);
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      {
        path: '/fields',
        vi: `Không phải lược đồ JSON Schema 2020-12 hợp lệ: ${reason}`,
        en: `Not a valid JSON Schema 2020-12: ${reason}`,
      },
    ];
  }
}
