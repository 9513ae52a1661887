import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { idFrom, newId } from '../platform/ids.ts';
import { SigningError } from '../signing/errors.ts';
import { UsageError } from './command.ts';
import type { Line } from './sign-files.ts';

const NAME = '.anso-sign.journal';

const Head = Type.Object({
  journal: Type.Literal(1),
  id: Type.String({ minLength: 36, maxLength: 36 }),
  certificate: Type.String(),
});
const Begun = Type.Object({ begun: Type.String(), size: Type.Integer({ minimum: 0 }) });
const Ended = Type.Object({
  file: Type.String(),
  out: Type.Union([Type.String(), Type.Null()]),
  code: Type.Union([Type.String(), Type.Null()]),
  level: Type.Union([Type.String(), Type.Null()]),
});

/**
 * What a run over many files has done, one line of JSON each, on the disk before the next step: a run that was killed goes on
 * where it was, signs no file twice and counts none twice. It stands in the output folder, and is gone when the run has ended.
 */
export class SignJournal {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #id: string;
  readonly #begun = new Map<string, number>();
  readonly #signed = new Map<string, Line>();
  readonly #refused = new Map<string, number>();

  /**
   * @param certificate fingerprint: a journal of another certificate is refused, the pile is locked to one.
   * @throws UsageError when there is a journal and `resume` is not said, when it is and there is none, or it is no journal
   */
  constructor(folder: string, { resume, certificate }: { resume: boolean; certificate: string }) {
    this.#path = join(folder, NAME);
    const isThere = existsSync(this.#path);
    if (isThere && !resume)
      throw new UsageError(`a run was broken off: add --resume, or remove ${this.#path}`);
    const id = isThere ? this.#read(certificate) : undefined;
    if (isThere) removeHalfWritten(folder);
    this.#id = id ?? newId();
    this.#descriptor = openSync(this.#path, 'a', 0o600);
    if (id === undefined) this.#append({ journal: 1, id: this.#id, certificate });
    // What was cut short must not take the next line with it.
    else writeSync(this.#descriptor, '\n');
  }

  /** The line of a file that an earlier run has signed. */
  signed(file: string): Line | undefined {
    return this.#signed.get(file);
  }

  /** The size of a file that a run has begun and perhaps signed; whether it has, only the output can tell. */
  begun(file: string): number | undefined {
    return this.#begun.get(file);
  }

  /** The id of the next use of the key for a file: the same again when a run was killed in the middle of it. */
  usageId(file: string): string {
    return idFrom('sign-journal', this.#id, file, String(this.#refused.get(file) ?? 0));
  }

  /** @throws SigningError `signing.disk_full`, `signing.write_failed` */
  begin(file: string, size: number): void {
    this.#append({ begun: file, size });
  }

  end({ file, out, code, level }: Line): void {
    try {
      this.#append({ file, out, code, level });
    } catch (error) {
      // What cannot be written down is found out from the output again.
      if (!(error instanceof SigningError)) throw error;
    }
  }

  /** @param finished nothing is left to resume. */
  close(finished: boolean): void {
    closeSync(this.#descriptor);
    if (finished) rmSync(this.#path);
  }

  #append(value: object): void {
    try {
      writeSync(this.#descriptor, `${JSON.stringify(value)}\n`);
      fsyncSync(this.#descriptor);
    } catch (cause) {
      const isFull = ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '');
      throw new SigningError(isFull ? 'signing.disk_full' : 'signing.write_failed', 'the journal', { cause });
    }
  }

  /** The id, or undefined when not even the first line was written. The last line may be cut short. */
  #read(certificate: string): string | undefined {
    const lines = readFileSync(this.#path, 'utf8').split('\n').slice(0, -1);
    const [head, ...rest] = lines.map(parse);
    if (head === undefined) {
      rmSync(this.#path);
      return undefined;
    }
    if (!Value.Check(Head, head)) throw new UsageError(`${this.#path} is no journal`);
    if (head.certificate !== certificate) {
      throw new UsageError(`the run that was broken off used another certificate: ${head.certificate}`);
    }
    for (const value of rest) this.#take(value);
    return head.id;
  }

  #take(value: unknown): void {
    if (Value.Check(Begun, value)) this.#begun.set(value.begun, value.size);
    else if (!Value.Check(Ended, value)) return;
    else if (value.code === null) this.#signed.set(value.file, value);
    else {
      this.#begun.delete(value.file);
      this.#refused.set(value.file, (this.#refused.get(value.file) ?? 0) + 1);
    }
  }
}

/** Outputs that the killed run was still writing, under the names `writeSignedFile` gives them. */
function removeHalfWritten(folder: string): void {
  const names = readdirSync(folder).filter((name) => /^\..+\.[0-9a-f-]{36}\.tmp$/.test(name));
  for (const name of names) rmSync(join(folder, name), { force: true });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Cut short by the kill: what it said is found out again.
    return null;
  }
}
