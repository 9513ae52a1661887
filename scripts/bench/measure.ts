export interface Measurement {
  readonly perSecond: number;
  readonly cpuMilliseconds: number;
  /** Of the whole process, in MiB. */
  readonly peakRss: number;
}

/** Repeats `work` for so many seconds, `atOnce` at a time, after a quarter of that as warm-up. */
export async function measure(work: () => unknown, seconds: number, atOnce: number): Promise<Measurement> {
  await repeat(work, seconds / 4, 1);
  const cpu = process.cpuUsage();
  const started = performance.now();
  const done = await repeat(work, seconds, atOnce);
  const elapsed = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: (done / elapsed) * 1000,
    cpuMilliseconds: (user + system) / 1000 / done,
    peakRss: process.resourceUsage().maxRSS / 1024,
  };
}

async function repeat(work: () => unknown, seconds: number, atOnce: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let done = 0;
  const worker = async (): Promise<void> => {
    do {
      await work();
      done++;
    } while (performance.now() < end);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return done;
}
