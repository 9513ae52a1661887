import { readFileSync } from 'node:fs';

/**
 * The most memory this process has had resident, in MiB. Linux also counts what the process was before it became this
 * program as `maxRSS`, a copy of its parent, so that is asked only where there is no /proc.
 */
export function peakRss(): number {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return Number(kibibytes) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}
