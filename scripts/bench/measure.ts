import { peakRss } from '../peak-rss.ts';

export interface Measurement {
  readonly perSecond: number;
  readonly cpuMilliseconds: number;
  /** Of the whole process, in MiB. */
  readonly peakRss: number;
  /** The bare key in the same process, in turns with the work; only where it was asked for. */
  readonly raw?: { readonly perSecond: number; readonly cpuMilliseconds: number };
}

export type Work = () => unknown;

export interface MeasureOptions {
  readonly seconds: number;
  /** How much of the work is done at the same time. */
  readonly atOnce: number;
  /** Takes turns with the work, so that both meet the same machine. */
  readonly raw?: Work | undefined;
}

interface Turn {
  readonly done: number;
  readonly milliseconds: number;
  readonly cpu: number;
}

const TURNS = 10;
/** Of the time, what the bare key gets. */
const RAW_SHARE = 0.25;

/** Who is warm has signed this often, or for so long: then the compilers have had their time. The peers do the same. */
const WARM_TIMES = 2000;
const WARM_MILLISECONDS = 5000;

/**
 * Repeats `work` for so many seconds, in ten turns, once it is warm. What is told is the middle turn: a machine that does
 * something else meanwhile spoils single turns.
 */
export async function measure(work: Work, options: MeasureOptions): Promise<Measurement> {
  const { seconds, atOnce, raw } = options;
  const slice = (seconds * 1000) / TURNS;
  for (let [done, spent] = [0, 0]; done < WARM_TIMES && spent < WARM_MILLISECONDS; ) {
    const warming = await turn(work, slice, atOnce);
    done += warming.done;
    spent += warming.milliseconds;
  }
  if (raw) await turn(raw, slice, 1);
  const [own, bare]: [Turn[], Turn[]] = [[], []];
  const end = performance.now() + seconds * 1000;
  do {
    if (raw) bare.push(await turn(raw, slice * RAW_SHARE, 1));
    own.push(await turn(work, raw ? slice * (1 - RAW_SHARE) : slice, atOnce));
  } while (performance.now() < end);
  return {
    ...middle(own),
    peakRss: peakRss(),
    ...(raw && { raw: middle(bare) }),
  };
}

async function turn(work: Work, milliseconds: number, atOnce: number): Promise<Turn> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  let done = 0;
  const worker = async (): Promise<void> => {
    do {
      await work();
      done++;
    } while (performance.now() < started + milliseconds);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const { user, system } = process.cpuUsage(cpu);
  return { done, milliseconds: performance.now() - started, cpu: (user + system) / 1000 };
}

function middle(turns: readonly Turn[]): { perSecond: number; cpuMilliseconds: number } {
  return {
    perSecond: median(turns.map(({ done, milliseconds }) => (done / milliseconds) * 1000)),
    cpuMilliseconds: median(turns.map(({ done, cpu }) => cpu / done)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
