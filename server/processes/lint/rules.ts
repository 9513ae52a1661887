import { decisionFields } from './decision-fields.ts';
import { editsKnown } from './edits-known.ts';
import { endReachable } from './end-reachable.ts';
import { engine } from './engine.ts';
import { fieldsSchema } from './fields-schema.ts';
import type { Rule } from './finding.ts';
import { formsKnown } from './forms-known.ts';
import { numberBeforeSeal } from './number-before-seal.ts';
import { pageFieldsFit } from './page-fields.ts';
import { returnsGoBack } from './returns-go-back.ts';
import { sealAfterSignature } from './seal-after-signature.ts';
import { sectionsFilled } from './sections-filled.ts';
import { stepsReachable } from './steps-reachable.ts';
import { timesFit } from './times-fit.ts';

export const rules: readonly Rule[] = [
  engine,
  stepsReachable,
  endReachable,
  returnsGoBack,
  sealAfterSignature,
  numberBeforeSeal,
  formsKnown,
  fieldsSchema,
  pageFieldsFit,
  decisionFields,
  editsKnown,
  timesFit,
  sectionsFilled,
];
