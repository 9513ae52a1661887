import { writeSync } from 'node:fs';
import { peakRss } from '../peak-rss.ts';

/** Loaded into the program that is watched: says at the end, on a channel of its own, its peak of memory in MiB. */
process.on('exit', () => writeSync(3, String(peakRss())));
