import { CodedError } from '../../../server/errors/coded-error.ts';

/** Runs `act`; an error with a code of these packages is an answer, any other is the product's defect and is thrown on. */
export function guarded<T>(packages: readonly string[], act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (isAnswer(packages, error)) return undefined;
    throw error;
  }
}

export const isAnswer = (packages: readonly string[], error: unknown): boolean =>
  error instanceof CodedError && packages.some((name) => error.code.startsWith(`${name}.`));
