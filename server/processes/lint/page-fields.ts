import { type PageField, pageFields } from '../../composition/page-fields.ts';
import { fieldNames } from './field-names.ts';
import type { Fault, Rule } from './finding.ts';

/**
 * What is signed is a page made of the fields: without those the page needs, every document would reach its signatory and
 * stop there.
 */
export const pageFieldsFit: Rule = {
  id: 'page-fields',
  severity: 'error',
  check: (definition) => {
    const steps = Object.values(definition.steps);
    if (!steps.some(({ kind }) => kind === 'sign')) return [];
    const filled = new Set(steps.flatMap((step) => (step.kind === 'task' ? (step.edits ?? []) : [])));
    const { declared, required } = fieldNames(definition);
    return Object.entries(pageFields).flatMap(([name, field]) => {
      if (field.needed && !required.has(name)) return [missing(name)];
      if (!declared.has(name)) return [];
      if (field.needed && !filled.has(name)) return [never(name)];
      const properties = (definition.fields as { properties?: Record<string, unknown> }).properties;
      return unfit(name, field, properties?.[name]);
    });
  },
};

const missing = (name: string): Fault => ({
  path: '/fields/required',
  vi: `Quy trình có bước ký nên phải có trường bắt buộc "${name}" để lập bản PDF.`,
  en: `The process has a step that signs, so it needs a required field "${name}" to make the PDF of.`,
});

const never = (name: string): Fault => ({
  path: `/fields/properties/${name}`,
  vi: `Không bước nào cho nhập trường "${name}" mà bản PDF cần.`,
  en: `The PDF needs the field "${name}", and no step lets it be filled.`,
});

function unfit(name: string, { list, values }: PageField, schema: unknown): Fault[] {
  const { type, items } = (schema ?? {}) as { type?: unknown; items?: { type?: unknown } };
  const path = `/fields/properties/${name}`;
  if (list) {
    if (type === 'array' && items?.type === 'string') return [];
    return [{ path, vi: 'Bản PDF cần một danh sách chữ ở đây.', en: 'The PDF needs a list of texts here.' }];
  }
  if (type !== 'string') return [{ path, vi: 'Bản PDF cần chữ ở đây.', en: 'The PDF needs a text here.' }];
  const allowed = constantsOf(schema);
  if (values === undefined || (allowed?.every((value) => values.includes(String(value))) ?? false)) return [];
  const known = values.map((value) => JSON.stringify(value)).join(', ');
  return [
    {
      path,
      vi: `Chỉ được nhận các giá trị mà bản PDF biết: ${known}.`,
      en: `May only hold what the PDF knows: ${known}.`,
    },
  ];
}

/** All values a schema allows; nothing when it does not list them. */
function constantsOf(schema: unknown): readonly unknown[] | undefined {
  const { const: only, enum: some, oneOf, anyOf } = schema as Record<string, unknown>;
  if (only !== undefined) return [only];
  if (Array.isArray(some)) return some;
  const alternatives = oneOf ?? anyOf;
  if (!Array.isArray(alternatives)) return undefined;
  const constants = alternatives.map((one) => (one as { const?: unknown }).const);
  return constants.includes(undefined) ? undefined : constants;
}
