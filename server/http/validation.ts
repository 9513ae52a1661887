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

const exact = createAjv(false);
/** Path, query and the fields of a form arrive as text, whatever they mean. */
const coercing = createAjv(true);

function createAjv(coerceTypes: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    coerceTypes,
    useDefaults: true,
    strict: false,
    addUsedSchema: false,
  });
  // ajv-formats is a CommonJS module: node gives the function, the types an object around it.
  (ajvFormats as unknown as (target: Ajv2020) => void)(ajv);
  return ajv;
}

export type Validate = (value: unknown) => void;

/** @returns a function that throws HttpError `http.invalid` with the violations, and fills in defaults. */
export function compileValidator(part: 'params' | 'query' | 'form' | 'body', schema: TSchema): Validate {
  const check: ValidateFunction = (part === 'body' ? exact : coercing).compile(schema);
  return (value) => {
    if (check(value)) return;
    const violations = (check.errors ?? []).slice(0, MAX_VIOLATIONS).map((error) => violationOf(part, error));
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
