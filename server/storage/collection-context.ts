import type { Cursors } from './cursor.ts';

/** What a collection needs of its store. */
export interface CollectionContext {
  readonly cursors: Cursors;
  /** Tells the dispatcher that a write left events. */
  readonly wake: () => void;
  /** Copies what waits now. */
  readonly dispatch: () => Promise<void>;
}
