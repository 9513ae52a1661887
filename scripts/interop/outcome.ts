import type { Case } from './cases.ts';
import { type Exception, exceptions } from './exceptions.ts';
import type { Verdict } from './judge.ts';

/**
 * What came of a judge and a file: `excepted`, the judge refuses what it does not claim to support; `surprising`, it accepts
 * that, so the exception is to be struck out; `caught` and `missed`, it was to refuse what is wrong on purpose.
 */
export type Outcome = 'accepted' | 'refused' | 'excepted' | 'surprising' | 'caught' | 'missed';

/** What is wrong on purpose is shown only to those who must notice. */
export const isAsked = (judge: string, { document: { wrong } }: Case): boolean =>
  wrong === undefined || wrong.refusedBy.includes(judge);

export function outcomeOf(
  judge: string,
  tested: Case,
  { accepted, says }: Omit<Verdict, 'file'>,
  known: readonly Exception[] = exceptions,
): Outcome {
  if (tested.document.wrong) return accepted ? 'missed' : 'caught';
  const exception = known.find((one) => one.judge === judge && one.concerns(tested));
  if (accepted) return exception ? 'surprising' : 'accepted';
  return exception?.says.test(says) ? 'excepted' : 'refused';
}
