import { type CommandIo, UsageError } from './command.ts';

/** A secret from the environment: as an argument others could see it. @throws UsageError, which never holds it. */
export function secretOf(variable: string, io: CommandIo): string {
  const secret = io.env[variable];
  if (secret === undefined) throw new UsageError(`the environment variable ${variable} is not set`);
  return secret;
}
