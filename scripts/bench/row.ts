import { samplePdf } from '../../test/signing/sample-pdf.ts';
import { measure } from './measure.ts';
import { subjects } from './subjects.ts';

/** One row of the table, in a process of its own so that its memory is its own. Answers through the IPC channel. */
const [index, seconds, size, atOnce] = process.argv.slice(2).map(Number);
const subject = subjects[index ?? 0];
const work = subject?.prepare(samplePdf({ size: size ?? 0 }));
process.send?.(work ? await measure(work, seconds ?? 1, atOnce ?? 1) : null);
