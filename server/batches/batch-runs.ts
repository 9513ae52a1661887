import type { HeldKey } from '../signing/held-key.ts';
import { BatchesError } from './errors.ts';

/** Batches that may run at once: each holds a key and a file. */
const MAX_RUNNING = 4;

/** A batch under way in this process: its key is here and nowhere else. */
export interface Run {
  readonly id: string;
  readonly key: HeldKey;
  /** Set when its owner, or the end of the server, says so; the item under way is finished. */
  stopped: boolean;
  /** Ends when the run has. */
  done: Promise<void>;
}

/** The batches that this process is signing. */
export class BatchRuns {
  /** Names this process, for as long as it lives. */
  readonly server: string;
  readonly #runs = new Map<string, Run>();
  #closed = false;

  constructor(server: string) {
    this.server = server;
  }

  has(batchId: string): boolean {
    return this.#runs.has(batchId);
  }

  /** @throws BatchesError `batches.busy`, `batches.running` */
  checkFree(batchId: string): void {
    if (this.has(batchId)) throw new BatchesError('batches.running', 'running here');
    if (this.#closed || this.#runs.size >= MAX_RUNNING) {
      throw new BatchesError('batches.busy', `${this.#runs.size} are running`);
    }
  }

  /** Starts `work` in the background; the key is released when it ends, however it does. */
  start(batchId: string, id: string, key: HeldKey, work: (run: Run) => Promise<void>): void {
    const run: Run = { id, key, stopped: false, done: Promise.resolve() };
    this.#runs.set(batchId, run);
    run.done = work(run).finally(() => {
      this.#runs.delete(batchId);
      key.release();
    });
  }

  /** Resolves when the item under way is finished. */
  async stop(batchId: string): Promise<void> {
    const run = this.#runs.get(batchId);
    if (!run) return;
    run.stopped = true;
    await run.done;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#runs.keys()].map((batchId) => this.stop(batchId)));
  }
}
