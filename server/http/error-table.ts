import { accountsErrors } from '../accounts/errors.ts';
import { asn1Errors } from '../asn1/errors.ts';
import { batchesErrors } from '../batches/errors.ts';
import { calendarErrors } from '../calendar/errors.ts';
import { certificatesErrors } from '../certificates/errors.ts';
import { cmsErrors } from '../cms/errors.ts';
import { compositionErrors } from '../composition/errors.ts';
import { documentsErrors } from '../documents/errors.ts';
import type { ErrorText } from '../errors/coded-error.ts';
import { evidenceErrors } from '../evidence/errors.ts';
import { pdfErrors } from '../pdf/errors.ts';
import { pkiErrors } from '../pki/errors.ts';
import { platformErrors } from '../platform/errors.ts';
import { processesErrors } from '../processes/errors.ts';
import { appearanceErrors } from '../signing/appearance/errors.ts';
import { signingErrors } from '../signing/errors.ts';
import { storageErrors } from '../storage/errors.ts';
import { usageErrors } from '../usage/errors.ts';
import { validationsErrors } from '../validations/errors.ts';
import { verificationErrors } from '../verification/errors.ts';
import { workflowErrors } from '../workflow/errors.ts';
import { httpErrors } from './errors.ts';

/** Every package's table. A test finds the tables in the source and says which is missing here or defines a code twice. */
export const errorTables: readonly Readonly<Record<string, ErrorText>>[] = [
  accountsErrors,
  appearanceErrors,
  asn1Errors,
  batchesErrors,
  calendarErrors,
  certificatesErrors,
  cmsErrors,
  compositionErrors,
  documentsErrors,
  evidenceErrors,
  httpErrors,
  pdfErrors,
  pkiErrors,
  platformErrors,
  processesErrors,
  signingErrors,
  storageErrors,
  usageErrors,
  validationsErrors,
  verificationErrors,
  workflowErrors,
];

export const errorTable: Readonly<Record<string, ErrorText>> = Object.assign(
  Object.create(null),
  ...errorTables,
);

/** A code without a sentence is a mistake of ours: the answer is then that of `http.internal`. */
export function textOfError(code: string): ErrorText {
  return errorTable[code] ?? httpErrors['http.internal'];
}
