import type { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Logger } from './services.ts';

/** What never reaches a log, at whatever depth of two it stands. */
const SECRETS = [
  'password',
  'newPassword',
  'currentPassword',
  'pin',
  'newPin',
  'passphrase',
  'token',
  'secret',
  'cookie',
  'set-cookie',
  'authorization',
  'serverKey',
  'mongodbUri',
];

/** One JSON object a line. Times are UTC (QCVN 12:2026/BCA), secrets are left out by name. */
export function createLogger(level: string, destination: Writable): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
        censor: '[redacted]',
      },
      // A cause may hold what the user sent: its name, code and stack say where to look.
      serializers: { error: describeError, err: describeError },
    },
    destination,
  );
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  const code = 'code' in error ? error.code : undefined;
  return { name, code, message, stack, ...(error.cause ? { cause: describeError(error.cause) } : {}) };
}
