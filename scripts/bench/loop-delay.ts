import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Loaded into a server by `--import`: measures how long its event loop is kept from turning, from the moment a file
 * `$ANSO_TEST_LOOP_DELAY.go` appears, and writes the figures to `$ANSO_TEST_LOOP_DELAY` again and again.
 */
const file = process.env.ANSO_TEST_LOOP_DELAY;
const RESOLUTION = 1;

if (file !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  const milliseconds = (nanoseconds: number): number => Math.round(nanoseconds / 1e4) / 100;
  setInterval(() => {
    if (existsSync(`${file}.go`)) {
      rmSync(`${file}.go`);
      delay.reset();
    }
    const figures = {
      p50: milliseconds(delay.percentile(50)),
      p99: milliseconds(delay.percentile(99)),
      max: milliseconds(delay.max),
      turns: delay.count,
    };
    writeFileSync(`${file}.new`, JSON.stringify(figures));
    renameSync(`${file}.new`, file);
  }, 200).unref();
}
