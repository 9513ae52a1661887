import type { Readable, Writable } from 'node:stream';
import type { EvidenceServices } from '../evidence/ports.ts';
import type { Services, TrustMaterial } from '../platform/services.ts';

/** What a command may touch of the process that runs it; tests give their own. */
export interface CommandIo {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True when `stderr` is a terminal: progress bars and prompts are then allowed. */
  readonly isTTY: boolean;
  /** Opens the configured store at the first call; the frame closes it when the command has ended. */
  readonly openServices: () => Promise<Services>;
  /** The configured trust anchors, intermediates and CRLs; opens no store. */
  readonly trust: () => TrustMaterial;
  /** The configured time-stamp authorities, or these, and sources of revocation data; opens no store. */
  readonly evidence: (authorities?: readonly string[]) => EvidenceServices;
  /** The configured file for uses of certificates outside a server. */
  readonly usageLog: () => string | undefined;
}

/** One verb of the command line; `server/cli/<name>.ts` exports it as `command`. */
export interface Command {
  readonly name: string;
  /** One line for `anso --help`. */
  readonly summary: string;
  /** All of `anso <name> --help`: synopsis, options, exit codes. */
  readonly usage: string;
  /** `argv` is what follows the command's name. Resolves to the exit code. */
  run(argv: readonly string[], io: CommandIo): Promise<number>;
}

/** Exit codes of every command (sysexits.h), beside those a command documents itself. */
export const exitCodes = { ok: 0, failed: 1, usage: 64, noInput: 66, software: 70, config: 78 } as const;

/** A wrong command line: the frame prints `message` and where to find help, and exits 64. */
export class UsageError extends Error {}
