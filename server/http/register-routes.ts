import { unlink } from 'node:fs/promises';
import { type Express, type Request, type RequestHandler, type Response, Router } from 'express';
import type { AnyRoute } from '../platform/route.ts';
import { checkAccess } from './authentication.ts';
import { textOfError } from './error-table.ts';
import { HttpError } from './errors.ts';
import { asCodedError } from './foreign-errors.ts';
import { type Answer, type Claim, type IdempotencyKeeper, requestIdFor } from './idempotency.ts';
import { filesOf, idempotencyKeyOf, partsOf } from './idempotency-key.ts';
import { jsonBody } from './json-body.ts';
import { languageOf, problemOf } from './problem.ts';
import { contextOf, requestIdOf } from './request-context.ts';
import { compileValidator, type Validate } from './validation.ts';

export interface RouteMachinery {
  readonly idempotency: IdempotencyKeeper;
  readonly jsonLimit: number;
}

/** Registers `routes` and answers 405 where a path is known and its method is not. */
export function registerRoutes(app: Express, routes: readonly AnyRoute[], machinery: RouteMachinery): void {
  const router = Router({ caseSensitive: true, strict: true });
  const readJson = jsonBody(machinery.jsonLimit);
  for (const route of routes) router[route.method](route.path, ...handlersOf(route, readJson, machinery));
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
    router.all(path, (req, res) => {
      res.set('Allow', methods.join(', '));
      throw new HttpError('http.method_not_allowed', `${req.method} is not among ${methods.join(', ')}`);
    });
  }
  app.use(router);
}

/** May the caller; read; is it well formed; did we answer it before; do it; answer. */
function handlersOf(route: AnyRoute, readJson: RequestHandler, machinery: RouteMachinery): RequestHandler[] {
  const handlers: RequestHandler[] = [
    (_req, res, next) => {
      const context = contextOf(res);
      context.route = route.path;
      checkAccess(route.access, context.actor);
      next();
    },
  ];
  if (route.upload !== undefined) handlers.push(removeLeftFiles, requireMultipart, route.upload.middleware);
  else if (route.body !== undefined) handlers.push(readJson);
  handlers.push(answering(route, machinery));
  return handlers;
}

function answering(route: AnyRoute, { idempotency }: RouteMachinery): RequestHandler {
  const validators: [Validate, (req: Request) => unknown, 'params' | 'query' | 'body'][] = [];
  if (route.params)
    validators.push([compileValidator('params', route.params), (req) => req.params, 'params']);
  if (route.query) validators.push([compileValidator('query', route.query), (req) => req.query, 'query']);
  if (route.body) {
    const part = route.upload === undefined ? 'body' : 'form';
    validators.push([compileValidator(part, route.body), (req) => req.body, 'body']);
  }

  return async (req, res) => {
    const { actor } = contextOf(res);
    const input: Record<string, unknown> = { params: {}, query: {}, body: req.body };
    for (const [validate, read, part] of validators) {
      const value = part === 'body' && !route.upload ? read(req) : { ...(read(req) as object) };
      validate(value);
      input[part] = value;
    }
    const requestId = requestIdOfRoute(route, req, res);
    const run = (): unknown =>
      route.handle({ ...input, actor, requestId, req, res } as unknown as Parameters<AnyRoute['handle']>[0]);
    if (requestId === undefined) {
      const result = await run();
      if (result !== undefined || !res.headersSent) send(res, answerOf(route, result));
      return;
    }
    const claim = await idempotency.claim(requestId, idempotency.digest(await partsOf(req)));
    if ('status' in claim) send(res.set('Idempotency-Replayed', 'true'), claim);
    else await runClaimed(route, req, res, claim, run);
  };
}

/** An idempotency key means something only of somebody: a stranger's key could be anyone's. */
function requestIdOfRoute(route: AnyRoute, req: Request, res: Response): string | undefined {
  const { actor } = contextOf(res);
  if (route.idempotency === undefined || actor === undefined) return undefined;
  const key = idempotencyKeyOf(req);
  if (key === undefined) {
    if (route.idempotency === 'optional') return undefined;
    throw new HttpError('http.idempotency_key_missing', 'send a new Idempotency-Key with each new request');
  }
  return requestIdFor(actor.accountId, route.method, req.path, key);
}

async function runClaimed(
  route: AnyRoute,
  req: Request,
  res: Response,
  claim: Claim,
  run: () => unknown,
): Promise<void> {
  let answer: Answer;
  try {
    const result = await run();
    if (result === undefined && res.headersSent) return await claim.release();
    answer = answerOf(route, result);
  } catch (thrown) {
    const error = asCodedError(thrown);
    const { status } = textOfError(error.code);
    if (!isFinal(status)) {
      await claim.release();
      throw thrown;
    }
    const problem = problemOf(error, languageOf(req), requestIdOf(res));
    await claim.settle({
      status,
      contentType: 'application/problem+json',
      body: JSON.stringify(problem),
    });
    throw thrown;
  }
  // The work is done: should its answer not be kept, the lease ends and the verb recognises the repeat.
  await claim.settle(answer).catch(() => {});
  send(res, answer);
}

/** Whether the same request would be answered the same for ever; the others may be tried again under the same key. */
function isFinal(status: number): boolean {
  return status < 500 && ![401, 408, 409, 423, 425, 429].includes(status);
}

function answerOf(route: AnyRoute, result: unknown): Answer {
  if (result === undefined) return { status: route.status ?? 204, contentType: '', body: '' };
  return {
    status: route.status ?? 200,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(result),
  };
}

function send(res: Response, answer: Answer): void {
  res.status(answer.status).set('Cache-Control', 'no-store');
  if (answer.contentType) res.set('Content-Type', answer.contentType);
  res.end(answer.body);
}

const requireMultipart: RequestHandler = (req, _res, next) => {
  if (!req.is('multipart/form-data')) {
    throw new HttpError('http.unsupported_type', 'the body must be multipart/form-data');
  }
  next();
};

/** Whatever a verb did not move away is gone when the answer is. */
const removeLeftFiles: RequestHandler = (req, res, next) => {
  res.once('close', () => {
    for (const { path } of filesOf(req)) if (path) unlink(path).catch(() => {});
  });
  next();
};
