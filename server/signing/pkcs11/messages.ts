import type { SigningAlgorithm } from '../choose-algorithm.ts';
import type { SigningErrorCode } from '../errors.ts';

/** What a token is called: both are on it, and neither alone need be unique. */
export interface TokenName {
  readonly label: string;
  readonly serial: string;
}

/** State of a token that anybody may see who plugs it in. */
export interface TokenState extends TokenName {
  readonly manufacturer: string;
  readonly model: string;
  readonly initialised: boolean;
  /** The user has a PIN. */
  readonly pinSet: boolean;
  readonly loginRequired: boolean;
  /** The PIN is typed at the reader. */
  readonly protectedPath: boolean;
  /** Somebody has entered a wrong PIN since the last right one. */
  readonly pinCountLow: boolean;
  readonly pinFinalTry: boolean;
  readonly pinLocked: boolean;
  readonly pinToBeChanged: boolean;
}

export interface TokenContent extends TokenState {
  /** DER, of everybody and every authority on the token. */
  readonly certificates: readonly Uint8Array[];
}

export interface Login {
  readonly token: TokenName;
  /** UTF-8; empty for a protected authentication path. The receiver wipes its copy. */
  readonly pin: Uint8Array;
  /** Risk the last try before the token locks. */
  readonly allowFinalTry: boolean;
}

export interface SignRequest extends Login {
  /** DER of the certificate whose private key is meant. */
  readonly certificate: Uint8Array;
  readonly algorithm: SigningAlgorithm;
  readonly toBeSigned: Uint8Array;
}

/** The PIN must be right, whoever has logged in before, and the private key of the certificate there. */
export type OpenRequest = Pick<SignRequest, keyof Login | 'certificate'>;

export type Request =
  | { readonly kind: 'list' }
  | ({ readonly kind: 'open' } & OpenRequest)
  | ({ readonly kind: 'sign' } & SignRequest)
  | { readonly kind: 'close' };

/** The thread says once that it runs, then gives one answer to each request. */
export type Response =
  | { readonly ready: true }
  | { readonly value: unknown }
  | {
      readonly code: SigningErrorCode;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };
