import { type ChildProcess, fork } from 'node:child_process';
import type { CaseId } from './fuzz-case.ts';
import type { Answer, Request, Verdict } from './serve.ts';

/** A process that has grown so far is replaced: what a case needs is hidden in what was needed before. */
const OLD_MB = 200;

export interface Judged {
  readonly number: number;
  readonly verdict: Verdict | 'hangs' | 'dies';
}

/** Runs cases in a process of their own, so that one that hangs, dies or eats memory is noticed and ended. */
export class Sandbox {
  readonly #module: URL;
  readonly #arguments: readonly string[];
  readonly #patience: number;
  #child: ChildProcess | undefined;

  /** `patience`: milliseconds without a word after which a case is given up. */
  constructor(module: URL, args: readonly string[], patience: number) {
    this.#module = module;
    this.#arguments = args;
    this.#patience = patience;
  }

  /** Runs cases from `id.number` on and tells of each; ends early when one hangs or dies, and is then the last told. */
  async run(id: CaseId, until: number, onCase: (judged: Judged) => void): Promise<void> {
    let current = id.number;
    await this.#ask({ kind: 'run', id, until }, (answer) => {
      if (answer === 'hangs' || answer === 'dies') onCase({ number: current, verdict: answer });
      else if (answer.kind === 'begun') current = answer.number;
      else if (answer.kind === 'judged') onCase(answer);
      return typeof answer === 'string' || answer.kind === 'done';
    });
  }

  /** Judges bytes in a fresh process, where time and memory are theirs alone. */
  async judgeAlone(target: string, bytes: Uint8Array): Promise<Judged['verdict']> {
    this.close();
    return this.judge(target, bytes);
  }

  async judge(target: string, bytes: Uint8Array): Promise<Judged['verdict']> {
    let verdict: Judged['verdict'] = 'dies';
    await this.#ask({ kind: 'judge', target, bytes }, (answer) => {
      if (typeof answer === 'string') verdict = answer;
      else if (answer.kind === 'judged') verdict = answer.verdict;
      return true;
    });
    return verdict;
  }

  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  /** Sends a request and hands on the answers until `onAnswer` says it was the last. */
  async #ask(request: Request, onAnswer: (answer: Answer | 'hangs' | 'dies') => boolean): Promise<void> {
    const child = await this.#started();
    const { promise, resolve } = Promise.withResolvers<void>();
    let timer: NodeJS.Timeout | undefined;
    const finish = (isOver: boolean): void => {
      clearTimeout(timer);
      child.removeListener('message', heard);
      child.removeListener('exit', died);
      if (isOver) this.close();
      resolve();
    };
    const lost = (how: 'hangs' | 'dies'): void => {
      onAnswer(how);
      finish(true);
    };
    const died = (): void => lost('dies');
    const watch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => lost('hangs'), this.#patience);
    };
    const heard = (answer: Answer): void => {
      watch();
      const isOld = answer.kind === 'done' && answer.megabytes > OLD_MB;
      if (onAnswer(answer)) finish(isOld);
    };
    child.on('message', heard);
    child.on('exit', died);
    watch();
    child.send(request);
    await promise;
  }

  async #started(): Promise<ChildProcess> {
    if (this.#child) return this.#child;
    const child = fork(this.#module, this.#arguments, { serialization: 'advanced' });
    this.#child = child;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    child.once('message', () => resolve());
    child.once('exit', () => reject(new Error('the process of the fuzzer does not start')));
    await promise;
    child.removeAllListeners('exit');
    return child;
  }
}
