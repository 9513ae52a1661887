import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

/** An answer the server refused with; `code` is the one of problem+json. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly form?: FormData;
  /** Sent as `Idempotency-Key`; a new one each call unless given. */
  readonly key?: string;
}

/** One person at a browser: keeps the session cookie, sends the origin, asks for Vietnamese. */
export class Client {
  readonly #base: string;
  readonly #signal: AbortSignal | undefined;
  #cookie = '';

  constructor(base: string, signal?: AbortSignal) {
    this.#base = base;
    this.#signal = signal;
  }

  /** @throws Refused on any status of 400 and above; TypeError when the server is not there. */
  async call<T = unknown>(path: string, options: CallOptions = {}): Promise<T> {
    const response = await this.#send(path, options);
    const text = await response.text();
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.ok) return value as T;
    const problem = (value ?? {}) as { code?: string; detail?: string; title?: string };
    throw new Refused(
      response.status,
      problem.code ?? 'unknown',
      problem.detail ?? problem.title ?? response.statusText,
    );
  }

  async download(path: string): Promise<Buffer> {
    const response = await this.#send(path, {});
    if (!response.ok) throw new Refused(response.status, 'unknown', await response.text());
    return Buffer.from(await response.arrayBuffer());
  }

  async #send(path: string, options: CallOptions): Promise<Response> {
    const method = options.method ?? (options.body !== undefined || options.form ? 'POST' : 'GET');
    const body = options.form ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const response = await fetch(new URL(path, this.#base), {
      method,
      headers: {
        'Accept-Language': 'vi',
        Origin: new URL(this.#base).origin,
        ...(this.#cookie && { Cookie: this.#cookie }),
        ...(options.body !== undefined && { 'Content-Type': 'application/json' }),
        ...(method !== 'GET' && { 'Idempotency-Key': options.key ?? randomUUID() }),
      },
      ...(body !== undefined && { body }),
      ...(this.#signal && { signal: this.#signal }),
    });
    const set = response.headers.getSetCookie().map((line) => line.split(';')[0]);
    if (set.length > 0) this.#cookie = set.join('; ');
    return response;
  }
}

/**
 * Asks `attempt` until it no longer finds the server away or busy with the same request.
 * @throws whatever else `attempt` throws, or its last failure once `tries` are used up.
 */
export async function insist<T>(attempt: () => Promise<T>, tries = 400): Promise<T> {
  for (let left = tries; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      const away = error instanceof TypeError || (error instanceof Refused && error.status === 503);
      const busy = error instanceof Refused && error.code === 'http.request_in_progress';
      if (left === 0 || !(away || busy)) throw error;
      await wait(25);
    }
  }
}
