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
  /** Batches whose key is being opened. */
  readonly #opening = new Set<string>();
  #closed = false;

  constructor(server: string) {
    this.server = server;
  }

  has(batchId: string): boolean {
    return this.#runs.has(batchId);
  }

  /**
   * Keeps a place for a batch while its key is opened, so that of two requests at once only one starts it.
   * @returns gives the place back.
   * @throws BatchesError `batches.busy`, `batches.running`
   */
  reserve(batchId: string): () => void {
    if (this.has(batchId) || this.#opening.has(batchId)) {
      throw new BatchesError('batches.running', 'running here');
    }
    this.checkOpen();
    const places = this.#runs.size + this.#opening.size;
    if (places >= MAX_RUNNING) throw new BatchesError('batches.busy', `${places} are running`);
    this.#opening.add(batchId);
    return () => this.#opening.delete(batchId);
  }

  /** @throws BatchesError `batches.busy` at the end of the server */
  checkOpen(): void {
    if (this.#closed) throw new BatchesError('batches.busy', 'the server ends');
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
