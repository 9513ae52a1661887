import { forgetfulSink, usageLogFile } from '../signing/usage-log.ts';
import type { UsageSink } from '../signing/usage-meter.ts';
import type { CommandIo } from './command.ts';

/** Where uses of certificates on the command line are written down: the configured file, if there is one. */
export function usageSink(io: Pick<CommandIo, 'usageLog'>): UsageSink {
  const log = io.usageLog();
  return log === undefined ? forgetfulSink : usageLogFile(log);
}
