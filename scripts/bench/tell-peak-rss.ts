import { peakRss } from '../peak-rss.ts';

/** Loaded into another program with `--import`: says its peak of memory as the last line of standard error. */
process.on('exit', () => console.error(peakRss()));
