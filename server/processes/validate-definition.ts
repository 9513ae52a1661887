import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { countValues } from '../json/count-values.ts';
import { ProcessDefinition } from '../workflow/definition.ts';
import { type Finding, pointer } from './lint/finding.ts';

const ajv = new Ajv2020({ allErrors: true, strict: false, verbose: true });
ajvFormats.default(ajv);
const check = ajv.compile<ProcessDefinition>(ProcessDefinition);

const maxFindings = 50;
/** The longest definition that ships has seven hundred values. */
const maxValues = 10_000;
/** Errors looked at; choosing among alternatives takes time for each pair of them. */
const maxErrors = 1_000;

export type Validated =
  | { readonly definition: ProcessDefinition; readonly findings?: undefined }
  | { readonly definition?: undefined; readonly findings: readonly Finding[] };

/** The value as a definition, or what keeps it from being one, each finding with its place. */
export function validateDefinition(value: unknown): Validated {
  if (countValues(value) > maxValues) return { findings: [tooMuch] };
  if (check(value)) return { definition: value };
  return {
    findings: chosenBranches((check.errors ?? []).slice(0, maxErrors))
      .slice(0, maxFindings)
      .map(findingOf),
  };
}

const tooMuch: Finding = {
  rule: 'schema',
  severity: 'error',
  path: '/',
  vi: `Quá nhiều: một quy trình có nhiều nhất ${maxValues} giá trị.`,
  en: `Too much: a definition has at most ${maxValues} values.`,
};

/**
 * A step fits one of seven kinds: of a failed `anyOf` only the errors of the alternative that was meant are of use.
 * It is the one whose constants agree (`kind`), among several the one with the fewest errors.
 */
function chosenBranches(errors: readonly ErrorObject[]): ErrorObject[] {
  let left = [...errors];
  // The innermost alternatives come first in ajv's list, so an outer choice counts what the inner one has left.
  for (const union of errors.filter(({ keyword }) => keyword === 'anyOf')) {
    const inside = left.filter((error) => error !== union && isUnder(error, union));
    const branches = Map.groupBy(inside, ({ schemaPath }) => branchOf(schemaPath, union.schemaPath));
    const choice = choiceOf(inside, union);
    if (choice !== undefined) {
      left = [...left.filter((error) => error !== union && !inside.includes(error)), choice];
      continue;
    }
    const meant = [...branches.values()]
      .filter((branch) => !branch.some(({ keyword, instancePath }) => isTag(keyword, instancePath, union)))
      .sort((a, b) => a.length - b.length)[0];
    if (meant === undefined) left = left.filter((error) => !inside.includes(error));
    else left = left.filter((error) => error !== union && (!inside.includes(error) || meant.includes(error)));
  }
  return left;
}

/** When every alternative asks for another constant in one place, one error there that knows all of them. */
function choiceOf(inside: readonly ErrorObject[], union: ErrorObject): ErrorObject | undefined {
  const count = (union.schema as readonly unknown[]).length;
  for (const instancePath of [union.instancePath, `${union.instancePath}/kind`]) {
    const constants = inside.filter(
      (error) => error.keyword === 'const' && error.instancePath === instancePath,
    );
    if (constants.length === count) {
      const allowedValues = constants.map(({ params }) => params.allowedValue);
      return { ...union, keyword: 'enum', instancePath, params: { allowedValues } };
    }
  }
  return undefined;
}

const isUnder = (error: ErrorObject, union: ErrorObject): boolean =>
  error.schemaPath.startsWith(`${union.schemaPath}/`) &&
  (error.instancePath === union.instancePath || error.instancePath.startsWith(`${union.instancePath}/`));

const branchOf = (path: string, union: string): string => path.slice(union.length + 1).split('/', 1)[0] ?? '';

const isTag = (keyword: string, path: string, union: ErrorObject): boolean =>
  (keyword === 'const' && path === `${union.instancePath}/kind`) ||
  (keyword === 'type' && path === union.instancePath);

function findingOf(error: ErrorObject): Finding {
  const { vi, en, path = error.instancePath } = describe(error);
  return { rule: 'schema', severity: 'error', path: path === '' ? '/' : path, vi, en };
}

function describe({ keyword, params, instancePath, message = '' }: ErrorObject): {
  vi: string;
  en: string;
  path?: string;
} {
  const given: Record<string, unknown> = params;
  switch (keyword) {
    case 'required':
      return {
        path: `${instancePath}/${pointer(String(given.missingProperty))}`,
        vi: 'Thiếu mục bắt buộc này.',
        en: 'This is missing.',
      };
    case 'additionalProperties':
      return {
        path: `${instancePath}/${pointer(String(given.additionalProperty))}`,
        vi: 'Mục này không có trong khuôn dạng của quy trình, hoặc tên viết sai.',
        en: 'This is not part of the format, or its name is malformed.',
      };
    case 'type':
      return { vi: `Sai kiểu dữ liệu, phải là ${given.type}.`, en: `Must be of type ${given.type}.` };
    case 'const':
      return {
        vi: `Phải là ${JSON.stringify(given.allowedValue)}.`,
        en: `Must be ${JSON.stringify(given.allowedValue)}.`,
      };
    case 'enum': {
      const allowed = (given.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(', ');
      return { vi: `Phải là một trong: ${allowed}.`, en: `Must be one of ${allowed}.` };
    }
    case 'anyOf':
      return { vi: 'Không khớp với dạng nào được phép.', en: 'Fits none of the allowed forms.' };
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return { vi: 'Đang để trống hoặc quá ít.', en: `Too little: ${message}.` };
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return { vi: 'Quá dài hoặc quá nhiều.', en: `Too much: ${message}.` };
    case 'pattern':
      return { vi: `Không đúng mẫu ${given.pattern}.`, en: `Does not match ${given.pattern}.` };
    case 'format':
      return { vi: `Không đúng định dạng ${given.format}.`, en: `Is no ${given.format}.` };
    default:
      return { vi: `Giá trị không hợp lệ (${message}).`, en: `Not valid: ${message}.` };
  }
}
