import type { OutgoingFields } from './document-from-fields.ts';

/** What a field of a document must hold for its page to be made of it: a text, a list of texts, or one of `values`. */
export interface PageField {
  /** The page cannot be without it. */
  readonly needed?: true;
  readonly list?: true;
  readonly values?: readonly string[];
}

/** Every field the layout of Decree 30/2020 reads. A process may declare others beside them, and leave out what is not needed. */
export const pageFields: Readonly<Record<keyof OutgoingFields, PageField>> = {
  type: { needed: true },
  subject: { needed: true },
  body: { needed: true },
  signerPosition: { needed: true },
  signerName: { needed: true },
  authority: {},
  onBehalfOf: {},
  collective: {},
  legalBasis: { list: true },
  addressees: { list: true },
  recipients: { list: true },
  urgency: { values: ['normal', 'urgent', 'veryUrgent', 'express'] },
  competence: { values: ['TM.', 'Q.', 'KT.', 'TL.', 'TUQ.'] },
};

/** Names of the fields that are missing or hold something else; none when the page can be made. */
export function unfitFields(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(pageFields)
    .filter(([name, field]) => !fits(fields[name], field))
    .map(([name]) => name);
}

function fits(value: unknown, { needed, list, values }: PageField): boolean {
  if (value === undefined) return needed !== true;
  if (list) return Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (typeof value !== 'string') return false;
  return values === undefined ? needed !== true || value !== '' : values.includes(value);
}
