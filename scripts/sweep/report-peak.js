// Loaded into the program that is watched; plain JavaScript, since it runs before anything else. Says at the end, on a
// channel of its own, how much memory the process took at its peak.
import { writeSync } from 'node:fs';

process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));
