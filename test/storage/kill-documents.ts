import type { Aggregate } from '../../server/storage/ports.ts';

/** What the killed process writes and the test reads. */
export interface KillDocument extends Aggregate {
  readonly blob: string;
  readonly number?: number;
}

export const killSpec = { name: 'documents', indexes: { blob: { fields: ['blob'] } } };
