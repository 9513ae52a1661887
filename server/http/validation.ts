import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import type { TSchema } from 'typebox';
import { HttpError } from './errors.ts';

/** One thing that is wrong, and where: `path` is a JSON pointer into `params`, `query` or `body`. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

const MAX_VIOLATIONS = 20;

/** Characters of JSON in which every violation is looked for; what is longer hears of its first one. */
const MAX_THOROUGH = 8_000;

/** Path, query and the fields of a form arrive as text, whatever they mean. */
const coercing = { first: createAjv(true, false), all: createAjv(true, true) };
const exact = { first: createAjv(false, false), all: createAjv(false, true) };

function createAjv(coerceTypes: boolean, allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors,
    coerceTypes,
    useDefaults: true,
    strict: false,
    addUsedSchema: false,
  });
  // ajv-formats is a CommonJS module: node gives the function, the types an object around it.
  (ajvFormats as unknown as (target: Ajv2020) => void)(ajv);
  const { 'date-time': rfc3339 } = ajv.formats;
  // RFC 3339 has leap seconds and offsets of 99 hours, which no Date can be: later code would fail on them.
  if (typeof rfc3339 === 'object' && 'validate' in rfc3339 && typeof rfc3339.validate === 'function') {
    const isRfc3339 = rfc3339.validate as (text: string) => boolean;
    ajv.addFormat('date-time', (text: string) => isRfc3339(text) && !Number.isNaN(Date.parse(text)));
  }
  return ajv;
}

export type Validate = (value: unknown) => void;

/**
 * Stops at the first violation, so that a limit (`maxItems`) spares the work behind it (`uniqueItems`, `pattern`); only of
 * what is small are all of them told.
 * @returns a function that throws HttpError `http.invalid` with the violations, and fills in defaults.
 */
export function compileValidator(part: 'params' | 'query' | 'form' | 'body', schema: TSchema): Validate {
  const { first: firstOnly, all } = part === 'body' ? exact : coercing;
  const check = firstOnly.compile(schema);
  let checkAll: ValidateFunction | undefined;
  return (value) => {
    if (check(value)) return;
    let errors = check.errors ?? [];
    if ((JSON.stringify(value) ?? '').length <= MAX_THOROUGH) {
      checkAll ??= all.compile(schema);
      checkAll(value);
      errors = checkAll.errors ?? errors;
    }
    const violations = errors.slice(0, MAX_VIOLATIONS).map((error) => violationOf(part, error));
    const first = violations[0];
    throw new HttpError('http.invalid', first ? `${first.path} ${first.message}` : `${part} is not valid`, {
      details: { violations },
    });
  };
}

function violationOf(part: string, error: ErrorObject): Violation {
  const path = `/${part}${error.instancePath}`;
  const params: Record<string, unknown> = error.params;
  switch (error.keyword) {
    case 'required':
      return { path: `${path}/${String(params.missingProperty)}`, message: 'is missing' };
    case 'additionalProperties':
      return { path: `${path}/${String(params.additionalProperty)}`, message: 'is not known here' };
    case 'const':
      return { path, message: `must be ${JSON.stringify(params.allowedValue)}` };
    case 'enum':
      return { path, message: `must be one of ${JSON.stringify(params.allowedValues)}` };
    default:
      return { path, message: error.message ?? 'is not valid' };
  }
}
