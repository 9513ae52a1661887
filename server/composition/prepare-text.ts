import { cleanText } from './clean-text.ts';
import { CompositionError } from './errors.ts';
import type { FontSet } from './font-set.ts';
import type { OutgoingDocument } from './outgoing-document.ts';

/** Characters of the body, of one other component, and entries of a list: far above any real document. */
const limits = { body: 500_000, component: 2_000, entries: 200 } as const;

/**
 * The document with every text clean and printable, white space collapsed outside the body.
 * @throws CompositionError `composition.empty`, `composition.too_long`, `composition.unsupported_character`,
 *   `composition.right_to_left`; `details.where` names the component.
 */
export function prepareText(document: OutgoingDocument, fonts: FontSet): OutgoingDocument {
  const one = (text: string, where: string): string => {
    const clean = printable(text, where, limits.component, fonts).replace(/\s+/gu, ' ').trim();
    if (clean === '')
      throw new CompositionError('composition.empty', `${where} is empty`, { details: { where } });
    return clean;
  };
  const optional = <K extends string>(
    key: K,
    text: string | undefined,
    where: string,
  ): { [P in K]?: string } =>
    (text === undefined || text.trim() === '' ? {} : { [key]: one(text, where) }) as { [P in K]?: string };
  const list = (texts: readonly string[], where: string): string[] => {
    if (texts.length > limits.entries) throw tooLong(where);
    return texts.filter((text) => text.trim() !== '').map((text) => one(text, where));
  };
  const body = printable(document.body, 'body', limits.body, fonts);
  if (body.trim() === '') {
    throw new CompositionError('composition.empty', 'the body is empty', { details: { where: 'body' } });
  }
  const { agency, signer } = document;
  return {
    ...document,
    agency: {
      ...optional('parent', agency.parent, 'agency.parent'),
      name: one(agency.name, 'agency.name'),
      place: one(agency.place, 'agency.place'),
    },
    symbol: one(document.symbol, 'symbol'),
    subject: one(document.subject, 'subject'),
    ...optional('authority', document.authority, 'authority'),
    legalBasis: list(document.legalBasis, 'legalBasis'),
    addressees: list(document.addressees, 'addressees'),
    body,
    recipients: list(document.recipients, 'recipients'),
    filing: one(document.filing, 'filing'),
    signer: {
      ...signer,
      ...optional('onBehalfOf', signer.onBehalfOf, 'signer.onBehalfOf'),
      ...optional('collective', signer.collective, 'signer.collective'),
      position: one(signer.position, 'signer.position'),
      name: one(signer.name, 'signer.name'),
    },
  };
}

function printable(text: string, where: string, limit: number, fonts: FontSet): string {
  if (text.length > limit) throw tooLong(where);
  const clean = cleanText(text, where).replaceAll('\t', ' ');
  fonts.regular.demand(clean, where);
  return clean;
}

function tooLong(where: string): CompositionError {
  return new CompositionError('composition.too_long', `${where} is too long`, { details: { where } });
}
