import type { Judge } from '../judge.ts';
import { dss } from './dss.ts';
import { pdfsig } from './pdfsig.ts';
import { pyhanko } from './pyhanko.ts';
import { qpdf } from './qpdf.ts';

export const judges: readonly Judge[] = [pdfsig, qpdf, pyhanko, dss];
