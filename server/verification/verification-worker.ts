import { Worker } from 'node:worker_threads';
import { VerificationError, verificationErrors } from './errors.ts';
import { unreadableReport } from './file-report.ts';
import type { TrustBytes } from './trust-store.ts';
import type { Job, Result } from './worker.ts';

interface Waiting {
  readonly job: Required<Job>;
  readonly settle: (result: Result) => void;
  readonly fail: (error: Error) => void;
}

/** The reader's own budgets stay far below; should one be missing, a file takes its thread down and not the server. */
const RESOURCES = { maxOldGenerationSizeMb: 512 };

/**
 * Verifies files of strangers on a thread of its own, one after another, so that no file can hold up the server: one
 * that takes too long is given up together with the thread, and the next begins on a new one.
 */
export class VerificationWorker {
  readonly #queue: Waiting[] = [];
  readonly #limits: { readonly milliseconds: number; readonly waiting: number };
  #worker: Worker | undefined;
  #trust: TrustBytes | undefined;
  #current: Waiting | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: { readonly milliseconds: number; readonly waiting: number }) {
    this.#limits = limits;
  }

  /**
   * The report on the file at `path`; `verification.timed_out` as an unreadable file's code.
   * @throws VerificationError `verification.busy` when too many are waiting; the error of node:fs.
   */
  verify(path: string, trust: TrustBytes, at: Date): Promise<Result> {
    if (this.#queue.length >= this.#limits.waiting) {
      return Promise.reject(
        new VerificationError('verification.busy', `${this.#queue.length} files are waiting`),
      );
    }
    return new Promise((settle, fail) => {
      this.#queue.push({ job: { path, trust, at }, settle, fail });
      this.#next();
    });
  }

  async close(): Promise<void> {
    await this.#dropWorker();
  }

  #next(): void {
    if (this.#current) return;
    this.#current = this.#queue.shift();
    if (!this.#current) {
      this.#worker?.unref();
      return;
    }
    const { path, at, trust } = this.#current.job;
    const worker = this.#startedWorker();
    worker.ref();
    const changed = !sameTrust(this.#trust, trust);
    this.#trust = trust;
    worker.postMessage({ path, at, ...(changed && { trust }) } satisfies Job);
    this.#timer = setTimeout(() => this.#giveUp(), this.#limits.milliseconds);
  }

  #startedWorker(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { resourceLimits: RESOURCES });
    worker.on('message', (result: Result) => this.#finish(({ settle }) => settle(result)));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (worker !== this.#worker) return;
      this.#forgetWorker();
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') this.#answerUnreadable('verification.too_complex');
      else this.#finish(({ fail }) => fail(error));
    });
    this.#worker = worker;
    return worker;
  }

  #giveUp(): void {
    void this.#dropWorker();
    this.#answerUnreadable('verification.timed_out');
  }

  #answerUnreadable(code: keyof typeof verificationErrors): void {
    this.#finish(({ job, settle }) => {
      const report = unreadableReport(code, verificationErrors[code], job.at);
      settle({ report, evidence: { certificates: [], crls: [], ocsps: [] } });
    });
  }

  #finish(how: (waiting: Waiting) => void): void {
    clearTimeout(this.#timer);
    const waiting = this.#current;
    this.#current = undefined;
    if (waiting) how(waiting);
    this.#next();
  }

  #forgetWorker(): Worker | undefined {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#trust = undefined;
    return worker;
  }

  async #dropWorker(): Promise<void> {
    await this.#forgetWorker()?.terminate();
  }
}

const sameTrust = (a: TrustBytes | undefined, b: TrustBytes): boolean =>
  a?.anchors === b.anchors && a.intermediates === b.intermediates && a.crls === b.crls;
