import { Worker } from 'node:worker_threads';

/** Why a thread gave no answer; the error of the job itself otherwise. */
export class ThreadFault extends Error {
  readonly reason: 'timed-out' | 'out-of-memory';

  constructor(reason: ThreadFault['reason']) {
    super(reason);
    this.reason = reason;
  }
}

interface Waiting<Job, Result> {
  readonly job: Job;
  readonly settle: (result: Result) => void;
  readonly fail: (error: Error) => void;
}

/** The readers' own budgets stay far below; should one be missing, a file takes its thread down and not the server. */
const RESOURCES = { maxOldGenerationSizeMb: 512 };

/**
 * Jobs on a thread of their own, one after another, so that none can hold up the server: one that takes too long is given
 * up together with the thread, and the next begins on a new one. The script answers each message with one message.
 */
export class JobThread<Job, Result> {
  readonly #queue: Waiting<Job, Result>[] = [];
  readonly #script: URL;
  readonly #milliseconds: number;
  readonly #send: (post: (message: unknown) => void, job: Job) => void;
  readonly #forget: () => void;
  #worker: Worker | undefined;
  #current: Waiting<Job, Result> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param hooks.send posts a job otherwise than as it is; `forget`: the next job meets a thread that knows nothing. */
  constructor(
    script: URL,
    milliseconds: number,
    hooks: {
      readonly send?: (post: (message: unknown) => void, job: Job) => void;
      readonly forget?: () => void;
    } = {},
  ) {
    this.#script = script;
    this.#milliseconds = milliseconds;
    this.#send = hooks.send ?? ((post, job) => post(job));
    this.#forget = hooks.forget ?? (() => {});
  }

  /** Jobs that wait for the one under way. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** @throws ThreadFault; what the script did not catch */
  run(job: Job): Promise<Result> {
    return new Promise((settle, fail) => {
      this.#queue.push({ job, settle, fail });
      this.#next();
    });
  }

  /** Ends the thread; a job under way is never answered. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#forgetWorker()?.terminate();
  }

  #next(): void {
    if (this.#current) return;
    this.#current = this.#queue.shift();
    if (!this.#current) {
      this.#worker?.unref();
      return;
    }
    const worker = this.#startedWorker();
    worker.ref();
    this.#send((message) => worker.postMessage(message), this.#current.job);
    this.#timer = setTimeout(() => {
      void this.#forgetWorker()?.terminate();
      this.#finish(({ fail }) => fail(new ThreadFault('timed-out')));
    }, this.#milliseconds);
  }

  #startedWorker(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#script, { resourceLimits: RESOURCES });
    worker.on('message', (result: Result) => {
      // What a thread that was given up still says is no answer to the job of the next.
      if (worker === this.#worker) this.#finish(({ settle }) => settle(result));
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (worker !== this.#worker) return;
      this.#forgetWorker();
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#finish(({ fail }) => fail(isMemory ? new ThreadFault('out-of-memory') : error));
    });
    this.#worker = worker;
    return worker;
  }

  #finish(how: (waiting: Waiting<Job, Result>) => void): void {
    clearTimeout(this.#timer);
    const waiting = this.#current;
    this.#current = undefined;
    if (waiting) how(waiting);
    this.#next();
  }

  #forgetWorker(): Worker | undefined {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#forget();
    return worker;
  }
}
