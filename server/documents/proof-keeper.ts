import { raiseLevel } from './raise-level.ts';
import type { DocumentServices } from './services.ts';

/** Documents of one round: a timer begins the next. */
const BATCH = 100;

/** Raises released documents one after another, in the background; which ones wait stands in the documents themselves. */
export class ProofKeeper {
  readonly #deps: DocumentServices;
  #round: Promise<number> | undefined;
  #stopped = false;

  constructor(deps: DocumentServices) {
    this.#deps = deps;
  }

  /** One round over those whose time has come, or the one under way. Gives how many were raised. @throws StorageError */
  run(): Promise<number> {
    this.#round ??= this.#raiseAll().finally(() => {
      this.#round = undefined;
    });
    return this.#round;
  }

  /** Begins no further document, and waits for the one under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#round?.catch(() => {});
  }

  async #raiseAll(): Promise<number> {
    const { documents, clock, proofs, logger } = this.#deps;
    if (!proofs) return 0;
    const to = clock.now().toISOString();
    const { items } = await documents.find('proofs', { to, limit: BATCH });
    let raised = 0;
    for (const document of items) {
      if (this.#stopped) break;
      try {
        if (await raiseLevel(this.#deps, document)) raised += 1;
      } catch (error) {
        logger.error({ err: error, documentId: document.id }, 'a document could not be raised');
      }
    }
    return raised;
  }
}
