import type { Validation } from './validation.ts';

/** The whole report under the number it is kept by. */
export function presentValidation({ id, file, report }: Validation) {
  return { id, file, ...report };
}

/** A line of the list of verifications. */
export function presentLine({ id, time, file, report }: Validation) {
  const { verdict, documentIntegrity } = report;
  return { id, time, file, verdict, documentIntegrity };
}
