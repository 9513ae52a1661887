import { type Finding, writeFinding } from './findings.ts';
import { makeCase, type Target } from './fuzz-case.ts';
import { minimise } from './minimise.ts';
import { type Judged, Sandbox } from './sandbox.ts';
import type { Verdict } from './serve.ts';

/** What one case may cost: seconds of the processor, and memory on top of the idle process. */
export const limits = { milliseconds: 2_000, megabytes: 300 } as const;
/** Milliseconds of the clock until a case hangs: on a busy machine more than it may cost. */
const PATIENCE = 6_000;
/** In a process that has run other cases, growth by so much is reason to look at a case alone. */
const SUSPECT_MEGABYTES = 120;
/** Cases of one target before it is the next one's turn. */
const TURN = 250;

export interface CampaignOptions {
  readonly targets: readonly Target[];
  /** The module that runs the cases of these very targets, and what it is given. */
  readonly worker: URL;
  readonly workerArguments?: readonly string[];
  /** Milliseconds without a word from the worker after which a case hangs. */
  readonly patience?: number;
  readonly seed: number;
  /** Number of the first case of each target. */
  readonly first?: number;
  /** Cases of each target; without it, as many as the time allows. */
  readonly cases?: number;
  readonly milliseconds?: number;
  /** Where findings are written. */
  readonly folder?: string;
  readonly onProgress?: (progress: {
    readonly cases: number;
    readonly findings: number;
    readonly target: string;
  }) => void;
  readonly onFinding?: (finding: Finding, path: string | undefined) => void;
}

export interface CampaignResult {
  readonly cases: number;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

/** Runs the targets in turns until the time or the cases are used up. The same options give the same cases. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const {
    seed,
    first = 1,
    cases = Number.POSITIVE_INFINITY,
    milliseconds = Number.POSITIVE_INFINITY,
  } = options;
  const started = performance.now();
  const sandbox = new Sandbox(options.worker, options.workerArguments ?? [], options.patience ?? PATIENCE);
  const findings: Finding[] = [];
  /** One defect shows in many cases: each is written once. */
  const known = new Set<string>();
  let count = 0;
  const next = new Map(options.targets.map((target) => [target, first]));
  const isTimeLeft = (): boolean => performance.now() - started < milliseconds;
  try {
    while (isTimeLeft() && next.size > 0) {
      for (const [target, number] of next) {
        if (!isTimeLeft()) break;
        const until = Math.min(number + TURN, first + cases);
        let reached = number;
        const suspects: Judged[] = [];
        await sandbox.run({ seed, target: target.name, number }, until, (judged) => {
          reached = judged.number + 1;
          count++;
          if (problemOf(judged.verdict, SUSPECT_MEGABYTES)) suspects.push(judged);
          options.onProgress?.({ cases: count, findings: findings.length, target: target.name });
        });
        for (const suspect of suspects) {
          const finding = await investigate(sandbox, target, seed, suspect, known);
          if (!finding) continue;
          findings.push(finding);
          const path = options.folder && writeFinding(options.folder, finding);
          options.onFinding?.(finding, path);
        }
        if (reached >= first + cases) next.delete(target);
        else next.set(target, reached);
      }
    }
  } finally {
    sandbox.close();
  }
  return { cases: count, findings, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

/** Too slow and too large are only believed of a case that ran alone; the same for a process that was lost. */
async function investigate(
  sandbox: Sandbox,
  target: Target,
  seed: number,
  { number, verdict }: Judged,
  known: Set<string>,
): Promise<Finding | undefined> {
  const suspected = problemOf(verdict, SUSPECT_MEGABYTES);
  if (suspected && known.has(kindOf(verdict, suspected))) return undefined;
  const made = makeCase(target, { seed, target: target.name, number });
  const alone = await sandbox.judgeAlone(target.name, made.bytes);
  const problem = problemOf(alone);
  if (!problem) return undefined;
  const kind = kindOf(alone, problem);
  if (known.has(kind)) return undefined;
  known.add(kind);
  const isSame = async (bytes: Buffer): Promise<boolean> => {
    // Fresh processes are dear, but memory and time can only be told in one.
    const again = isCost(alone)
      ? await sandbox.judgeAlone(target.name, bytes)
      : await sandbox.judge(target.name, bytes);
    const still = problemOf(again);
    return still !== undefined && kindOf(again, still) === kind;
  };
  const smallest = isCost(alone) ? made : await minimise(target, made, isSame);
  const stack = typeof alone === 'string' ? undefined : alone.stack;
  return { case: smallest, bytes: smallest.bytes, problem, ...(stack && { stack }) };
}

const isCost = (verdict: Verdict | string): boolean =>
  typeof verdict === 'string' || verdict.problem === undefined;

function problemOf(verdict: Judged['verdict'], most: number = limits.megabytes): string | undefined {
  if (typeof verdict === 'string') return verdict;
  const { problem, milliseconds, megabytes } = verdict;
  if (problem !== undefined) return problem;
  if (milliseconds > limits.milliseconds) return `takes ${Math.round(milliseconds)} ms`;
  return megabytes > most ? `takes ${Math.round(megabytes)} MB` : undefined;
}

/** Findings of one kind are one defect: the same words without their numbers, thrown at the same place. */
function kindOf(verdict: Judged['verdict'], problem: string): string {
  const place = typeof verdict === 'string' ? '' : (/at .*\/server\/.*/.exec(verdict.stack ?? '')?.[0] ?? '');
  return `${problem.replace(/\d+/g, '#')} ${place}`;
}
