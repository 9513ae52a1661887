import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import type { ProcessDefinition } from '../workflow/definition.ts';
import type { WorkflowInstance } from '../workflow/instance.ts';
import { DocumentsError } from './errors.ts';

const MAX_KEPT = 200;
const MAX_PROBLEMS = 50;
const compiled = new Map<string, ValidateFunction>();

interface Pinned {
  readonly definition: ProcessDefinition;
  readonly definitionHash: string;
}

/**
 * While people are still writing: what is there must fit, nothing need be there.
 * @throws DocumentsError `documents.fields_invalid`, with path and message of each problem.
 */
export function checkPartial(pinned: Pinned, fields: object): void {
  check(pinned, fields, []);
}

/**
 * When a step is handed on: whatever the steps gone through let people fill in must be there if it is required; what
 * only a later step fills in need not be there yet.
 * @throws DocumentsError `documents.fields_invalid`
 */
export function checkComplete(pinned: Pinned, fields: object, { visits }: WorkflowInstance): void {
  const { definition } = pinned;
  const fillable = new Set(visits.flatMap(({ step }) => editsOf(definition, step)));
  const { required } = definition.fields as { readonly required?: unknown };
  const names = Array.isArray(required) ? required.filter((name) => fillable.has(name)) : [];
  check(pinned, fields, names);
}

/** The fields that may be changed at a step. */
export function editsOf({ steps }: ProcessDefinition, key: string): readonly string[] {
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return step?.kind === 'task' ? (step.edits ?? []) : [];
}

function check({ definition, definitionHash }: Pinned, fields: object, required: readonly string[]): void {
  const validate = validator(`${definitionHash} ${required.join(' ')}`, { ...definition.fields, required });
  if (validate(fields)) return;
  const problems = (validate.errors ?? [])
    .slice(0, MAX_PROBLEMS)
    .map((error) => problemOf(error, definition.fields));
  throw new DocumentsError('documents.fields_invalid', 'the fields do not follow the schema', {
    details: { problems },
  });
}

function validator(key: string, schema: object): ValidateFunction {
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const { $id: _, ...anonymous } = schema as { $id?: string };
  const ajv = new Ajv2020({ allErrors: true, strict: false, inlineRefs: false });
  ajvFormats.default(ajv);
  const validate = ajv.compile(anonymous);
  if (compiled.size >= MAX_KEPT) compiled.clear();
  compiled.set(key, validate);
  return validate;
}

/** `message` is the validator's own; the sentences name the field as its schema titles it. */
function problemOf({ instancePath, keyword, message, params }: ErrorObject, fields: object) {
  const missing = keyword === 'required' ? `/${String(params.missingProperty)}` : '';
  const path = `${instancePath}${missing}`;
  const [, name = ''] = path.split('/');
  const { properties = {} } = fields as { properties?: Readonly<Record<string, { title?: unknown }>> };
  const title = Object.hasOwn(properties, name) ? String(properties[name]?.title ?? name) : name;
  const [vi, en] = missing === '' ? ['giá trị chưa đúng', 'the value is wrong'] : ['chưa nhập', 'is missing'];
  return { path, keyword, message: message ?? keyword, vi: `${title}: ${vi}.`, en: `${title}: ${en}.` };
}
