import { AppearanceError } from './errors.ts';

/** What the texts of a profile may name. */
export type Values = Readonly<Record<string, string | undefined>>;

const slot = /\{([A-Za-z][\w]{0,39})(\??)\}/g;

/**
 * A template with its values in place; undefined when an optional one (`{reason?}`) is missing.
 * @throws AppearanceError `signing.appearance_value_missing` for a missing value that must be there
 */
export function fillTemplate(template: string, values: Values): string | undefined {
  let isLeftOut = false;
  const text = template.replace(slot, (_, name: string, optional: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined && value.trim() !== '') return value;
    if (optional === '') throw missing(name);
    isLeftOut = true;
    return '';
  });
  return isLeftOut ? undefined : text;
}

/** The names of all values a template may ask for. */
export const namesIn = (template: string): string[] =>
  [...template.matchAll(slot)].map(([, name = '']) => name);

const missing = (name: string): AppearanceError =>
  new AppearanceError('signing.appearance_value_missing', `no value for {${name}}`, { details: { name } });

/** Vietnamese time as ISO 8601 writes it (Decree 30/2020, annex I): `2026-11-22T10:15:30+07:00`. */
export function isoVietnamTime(instant: Date): string {
  return `${new Date(instant.getTime() + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;
}

/** As people read it: `22/11/2026 10:15:30 +07:00`. */
export function vietnamTime(instant: Date): string {
  const [date = '', time = ''] = isoVietnamTime(instant).split('T');
  return `${date.split('-').reverse().join('/')} ${time.slice(0, 8)} +07:00`;
}
