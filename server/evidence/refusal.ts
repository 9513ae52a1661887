import { CodedError } from '../errors/coded-error.ts';

/** Why a source was passed over; kept for the final error, so that an administrator learns what to mend. */
export interface Refusal {
  /** The address asked. */
  readonly source: string;
  /** One word for it, stable: a code of an error or a name of a problem. */
  readonly why: string;
  readonly text: string;
}

/** Thrown inside this package when a source gave nothing that may be used. */
export class Refused extends Error {
  readonly why: string;
  /** Asking again would give the same. */
  readonly lasting: boolean;

  constructor(why: string, text: string, lasting = true) {
    super(text);
    this.why = why;
    this.lasting = lasting;
  }
}

/** What any coded failure of a source means; anything else is a mistake of ours and thrown on. */
export function asRefused(error: unknown): Refused {
  if (error instanceof Refused) return error;
  if (!(error instanceof CodedError)) throw error;
  const { code, message, details } = error;
  const { statusCode } = details;
  const isBusy = code === 'platform.fetch_status' && typeof statusCode === 'number' && statusCode >= 500;
  const isAway = code === 'platform.fetch_failed' || code === 'platform.fetch_timeout';
  return new Refused(code, message, !(isBusy || isAway));
}

/** Callers are shown it: what follows a `?` may be somebody's key to a service, and stays here. */
export const refusalOf = (source: string, { why, message }: Refused): Refusal => ({
  source: source.replace(/\?.*$/s, ''),
  why,
  text: message,
});
