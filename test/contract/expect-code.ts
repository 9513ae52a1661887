import { expect } from 'chai';
import { StorageError, type StorageErrorCode } from '../../server/storage/errors.ts';

/** The error, when `work` fails with this code; the test fails otherwise. */
export async function expectCode(work: Promise<unknown>, code: StorageErrorCode): Promise<StorageError> {
  const outcome = await work.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  if (!(outcome instanceof StorageError)) throw new Error(`expected ${code}`, { cause: outcome });
  expect(outcome.code).to.equal(code);
  return outcome;
}
