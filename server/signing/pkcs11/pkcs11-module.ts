import { Worker } from 'node:worker_threads';
import { SigningError } from '../errors.ts';
import type { OpenRequest, Request, Response, SignRequest, TokenContent } from './messages.ts';
import type { ModuleData } from './worker.ts';

export interface ModuleOptions {
  /** Time for one answer. Default: a minute, since a PIN may have to be typed at the reader. */
  readonly milliseconds?: number;
  /** What is imported to reach modules. Default: pkcs11js. */
  readonly binding?: string;
}

interface Waiting {
  readonly request: Request;
  readonly settle: (value: unknown) => void;
  readonly fail: (error: Error) => void;
}

const ANSWER_TIME = 60_000;

/**
 * A PKCS#11 module on a thread of its own, so that a slow token never holds up the event loop. Requests are answered one
 * after another; one that takes too long is given up together with the thread, and the next begins on a new one.
 */
export class Pkcs11Module {
  readonly #data: ModuleData;
  readonly #milliseconds: number;
  readonly #queue: Waiting[] = [];
  #current: Waiting | undefined;
  #worker: Worker | undefined;
  #ready = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(modulePath: string, { milliseconds = ANSWER_TIME, binding = 'pkcs11js' }: ModuleOptions = {}) {
    this.#data = { modulePath, binding };
    this.#milliseconds = milliseconds;
  }

  /** @throws SigningError `signing.pkcs11_unavailable`, `signing.pkcs11_module_unusable`, `signing.token_timeout` */
  async list(): Promise<readonly TokenContent[]> {
    return (await this.#ask({ kind: 'list' })) as readonly TokenContent[];
  }

  /** @throws as {@link list}; as `TokenAccess.open` */
  async open(request: OpenRequest): Promise<void> {
    await this.#ask({ kind: 'open', ...request });
  }

  /** @throws as {@link list}; as `TokenAccess.sign` */
  async sign(request: SignRequest): Promise<Uint8Array> {
    return (await this.#ask({ kind: 'sign', ...request })) as Uint8Array;
  }

  /** Ends all logins and the thread. The module may be used again. */
  async close(): Promise<void> {
    if (!this.#worker) return;
    await this.#ask({ kind: 'close' }).catch(() => {});
    const worker = this.#forgetWorker();
    // What came after the end of the module begins it anew; what was under way by then has no answer.
    if (this.#current)
      this.#finish({ code: 'signing.key_failed', message: 'the module was closed', details: {} });
    await worker?.terminate();
  }

  #ask(request: Request): Promise<unknown> {
    return new Promise((settle, fail) => {
      this.#queue.push({ request, settle, fail });
      this.#next();
    });
  }

  #next(): void {
    if (this.#current) return;
    this.#current = this.#queue.shift();
    if (!this.#current) {
      this.#worker?.unref();
      return;
    }
    const worker = this.#startedWorker();
    worker.ref();
    const { request } = this.#current;
    worker.postMessage(request);
    if ('pin' in request) request.pin.fill(0);
    if (this.#ready) this.#startTimer();
  }

  /** The start of a thread is not the token's time. */
  #startTimer(): void {
    this.#timer = setTimeout(() => this.#giveUp(), this.#milliseconds);
  }

  #startedWorker(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.#data });
    worker.on('message', (response: Response) => {
      if (worker !== this.#worker) return;
      if ('ready' in response) {
        this.#ready = true;
        this.#startTimer();
      } else this.#finish(response);
    });
    worker.on('error', () => {
      if (worker !== this.#worker) return;
      this.#forgetWorker();
      this.#finish({ code: 'signing.key_failed', message: 'the PKCS#11 thread ended', details: {} });
    });
    this.#worker = worker;
    return worker;
  }

  #giveUp(): void {
    void this.#forgetWorker()?.terminate();
    const message = `no answer within ${this.#milliseconds} ms`;
    this.#finish({ code: 'signing.token_timeout', message, details: {} });
  }

  #finish(response: Exclude<Response, { ready: true }>): void {
    clearTimeout(this.#timer);
    const waiting = this.#current;
    this.#current = undefined;
    if ('value' in response) waiting?.settle(response.value);
    else waiting?.fail(new SigningError(response.code, response.message, { details: response.details }));
    this.#next();
  }

  #forgetWorker(): Worker | undefined {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#ready = false;
    return worker;
  }
}
