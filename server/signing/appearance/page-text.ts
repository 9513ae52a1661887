import { Worker } from 'node:worker_threads';
import type { ByteSource } from '../../pdf/byte-source.ts';
import { AppearanceError } from './errors.ts';
import type { Rect } from './page-frame.ts';

/** A run of text as the page shows it. */
export interface TextRun {
  readonly text: string;
  /** In the page's user space. */
  readonly box: Rect;
  /** It is written upwards or downwards there. */
  readonly isVertical: boolean;
}

/** What the thread is asked; `file` says of which file, as a late answer may be of the one before. */
export type TextQuestion = { readonly file: number } & (
  | { readonly kind: 'open'; readonly length: number; readonly password: string | undefined }
  | { readonly kind: 'page'; readonly page: number }
  | { readonly kind: 'range'; readonly begin: number; readonly bytes: Uint8Array }
  | { readonly kind: 'close' }
);
/** What it answers, or asks in turn. */
export type TextAnswer = { readonly file: number } & (
  | { readonly kind: 'open'; readonly pages: number }
  | { readonly kind: 'text'; readonly runs: readonly TextRun[] }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'range'; readonly begin: number; readonly end: number }
);

const RESOURCES = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };
/** For everything asked of one file: a page of a real one takes some hundredths of a second. */
const MILLISECONDS = 15_000;
/** What one file leaves behind in a thread ends with it. */
const FILES_A_THREAD = 100;

interface Thread {
  readonly worker: Worker;
  files: number;
}
/** A thread that waits for the next file: starting one costs more than reading a page. */
let idle: Thread | undefined;

/**
 * The text of a file's pages, read by pdf.js on a thread of its own that has no network and a limit of time and memory:
 * what stands on a page is a stranger's. The file is read in windows, as the thread asks for them.
 */
export class PageText {
  readonly #thread: Thread;
  readonly #file: number;
  readonly #source: ByteSource;
  readonly #timer: NodeJS.Timeout;
  #waiting: { settle: (answer: TextAnswer) => void; fail: (error: Error) => void } | undefined;
  #failure: Error | undefined;
  #pages = 0;

  private constructor(source: ByteSource, milliseconds: number) {
    this.#source = source;
    this.#thread = takeThread();
    this.#file = ++this.#thread.files;
    const { worker } = this.#thread;
    worker.on('message', this.#take);
    worker.on('error', this.#broke);
    this.#timer = setTimeout(() => this.#fail('it took too long'), milliseconds);
  }

  /** @throws AppearanceError `signing.text_unreadable` */
  static async open(source: ByteSource, password?: string, milliseconds = MILLISECONDS): Promise<PageText> {
    const text = new PageText(source, milliseconds);
    const answer = await text.#ask({ file: text.#file, kind: 'open', length: source.length, password });
    if (answer.kind === 'open') text.#pages = answer.pages;
    return text;
  }

  get pages(): number {
    return this.#pages;
  }

  /** The runs of a page, from 0, in the order of its content. @throws AppearanceError `signing.text_unreadable` */
  async of(page: number): Promise<readonly TextRun[]> {
    const answer = await this.#ask({ file: this.#file, kind: 'page', page });
    return answer.kind === 'text' ? answer.runs : [];
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const { worker, files } = this.#thread;
    worker.off('message', this.#take);
    worker.off('error', this.#broke);
    if (this.#failure || idle !== undefined || files >= FILES_A_THREAD) {
      await worker.terminate();
      return;
    }
    worker.postMessage({ file: this.#file, kind: 'close' } satisfies TextQuestion);
    worker.on('error', forgetIdle);
    worker.unref();
    idle = this.#thread;
  }

  #ask(question: TextQuestion): Promise<TextAnswer> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((settle, fail) => {
      this.#waiting = { settle, fail };
      this.#thread.worker.postMessage(question);
    });
  }

  readonly #broke = (cause: unknown): void => this.#fail('its reader broke down', cause);

  readonly #take = (answer: TextAnswer): void => {
    if (answer.file !== this.#file) return;
    if (answer.kind === 'range') this.#give(answer.begin, answer.end);
    else if (answer.kind === 'failed') this.#fail(answer.why);
    else {
      this.#waiting?.settle(answer);
      this.#waiting = undefined;
    }
  };

  #give(begin: number, end: number): void {
    try {
      const bytes = Buffer.from(this.#source.read(begin, Math.min(end, this.#source.length)));
      const { worker } = this.#thread;
      worker.postMessage({ file: this.#file, kind: 'range', begin, bytes } satisfies TextQuestion);
    } catch (cause) {
      this.#fail('the file cannot be read', cause);
    }
  }

  #fail(why: string, cause?: unknown): void {
    if (this.#failure) return;
    this.#failure = new AppearanceError('signing.text_unreadable', why, {
      details: { why },
      ...(cause === undefined ? {} : { cause }),
    });
    this.#waiting?.fail(this.#failure);
    this.#waiting = undefined;
    void this.close();
  }
}

const forgetIdle = (): void => {
  idle = undefined;
};

function takeThread(): Thread {
  const waiting = idle;
  idle = undefined;
  if (waiting) {
    waiting.worker.off('error', forgetIdle);
    waiting.worker.ref();
    return waiting;
  }
  const worker = new Worker(new URL('./page-text-thread.ts', import.meta.url), {
    resourceLimits: RESOURCES,
    env: {},
    // pdf.js tells the console what it thinks of a file.
    stdout: true,
    stderr: true,
  });
  return { worker, files: 0 };
}
