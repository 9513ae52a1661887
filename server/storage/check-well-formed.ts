import { StorageError } from './errors.ts';

/**
 * Refuses text that is no Unicode: a lone surrogate survives JSON as an escape, but no UTF-8, hash or BSON carries it.
 * @throws StorageError `storage.bad_value`.
 */
export function checkWellFormed(value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new StorageError('storage.bad_value', 'a text holds a lone surrogate');
  }
  if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      checkWellFormed(name);
      checkWellFormed(member);
    }
  }
}
