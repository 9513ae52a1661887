import type { Request, Response } from 'express';
import type { Static, TObject, TSchema } from 'typebox';
import type { AccountRole } from '../workflow/definition.ts';

/** Who is asking, after authentication. */
export interface Actor {
  readonly accountId: string;
  readonly login: string;
  readonly name: string;
  readonly agencyId: string;
  readonly unitId?: string;
  readonly roles: readonly AccountRole[];
  /** A person in a browser or a program with a token. */
  readonly via: 'session' | 'token';
}

/** Who may call a route: anybody, anybody signed in, or holders of one of the roles. */
export type Access = 'public' | 'signed-in' | readonly AccountRole[];

export interface RouteInput<P extends TObject, Q extends TObject, B extends TSchema, A extends Access> {
  readonly params: Static<P>;
  readonly query: Static<Q>;
  readonly body: Static<B>;
  readonly actor: A extends 'public' ? Actor | undefined : Actor;
  /** Digest of account and `Idempotency-Key`, when the client sent one: verbs keep it so that a repeat is recognised. */
  readonly requestId?: string;
  readonly req: Request;
  readonly res: Response;
}

/**
 * One route: the single source of its registration, its validation, who may call it and its OpenAPI operation.
 * `handle` returns the JSON body (status `status`, default 200), or undefined when it wrote to `res` itself.
 */
export interface Route<
  P extends TObject = TObject,
  Q extends TObject = TObject,
  B extends TSchema = TSchema,
  A extends Access = Access,
> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express path, for example `/api/v1/documents/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly access: A;
  readonly params?: P;
  readonly query?: Q;
  /** A JSON body's schema; `upload` instead when files arrive as multipart/form-data. */
  readonly body?: B;
  /** Middleware that reads multipart/form-data (multer, streaming), and how OpenAPI describes it. */
  readonly upload?: {
    readonly middleware: (req: Request, res: Response, next: (error?: unknown) => void) => void;
    readonly schema: TSchema;
  };
  /** Schema of the answer; `contentType` instead when it is no JSON. */
  readonly response?: TSchema;
  readonly contentType?: string;
  /** Default 200. */
  readonly status?: number;
  /** Demands or allows `Idempotency-Key`; every post that signs, numbers or releases demands it. */
  readonly idempotency?: 'required' | 'optional';
  /** Codes of errors worth telling in the documentation. */
  readonly errors?: readonly string[];
  readonly handle: (input: RouteInput<P, Q, B, A>) => unknown;
}

/** Keeps the types of one route's parts together; a list of routes is `readonly AnyRoute[]`. */
export function defineRoute<P extends TObject, Q extends TObject, B extends TSchema, const A extends Access>(
  route: Route<P, Q, B, A>,
): AnyRoute {
  return route as unknown as AnyRoute;
}

export type AnyRoute = Route<TObject, TObject, TSchema, Access>;
