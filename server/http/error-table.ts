import { asn1Errors } from '../asn1/errors.ts';
import type { ErrorText } from '../errors/coded-error.ts';
import { platformErrors } from '../platform/errors.ts';
import { httpErrors } from './errors.ts';

/** Every package's table. A test finds the tables in the source and says which is missing here or defines a code twice. */
export const errorTables: readonly Readonly<Record<string, ErrorText>>[] = [
  asn1Errors,
  platformErrors,
  httpErrors,
];

export const errorTable: Readonly<Record<string, ErrorText>> = Object.assign(
  Object.create(null),
  ...errorTables,
);

/** A code without a sentence is a mistake of ours: the answer is then that of `http.internal`. */
export function textOfError(code: string): ErrorText {
  return errorTable[code] ?? httpErrors['http.internal'];
}
