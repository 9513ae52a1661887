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

/** What the thread is asked. */
export type TextQuestion =
  | { readonly kind: 'page'; readonly page: number }
  | { readonly kind: 'range'; readonly begin: number; readonly bytes: Uint8Array };
/** What it answers, or asks in turn. */
export type TextAnswer =
  | { readonly kind: 'open'; readonly pages: number }
  | { readonly kind: 'text'; readonly runs: readonly TextRun[] }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'range'; readonly begin: number; readonly end: number };

export interface TextThreadData {
  readonly length: number;
  readonly password: string | undefined;
}

const RESOURCES = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };
/** For everything asked of one file: the first page of a real one takes half a second. */
const MILLISECONDS = 15_000;

/**
 * The text of a file's pages, read by pdf.js on a thread of its own that has no network and a limit of time and memory:
 * what stands on a page is a stranger's. The file is read in windows, as the thread asks for them.
 */
export class PageText {
  readonly #worker: Worker;
  readonly #timer: NodeJS.Timeout;
  readonly #source: ByteSource;
  #waiting: { settle: (answer: TextAnswer) => void; fail: (error: Error) => void } | undefined;
  #failure: Error | undefined;
  #pages = 0;

  private constructor(source: ByteSource, password: string | undefined, milliseconds: number) {
    this.#source = source;
    const workerData: TextThreadData = { length: source.length, password };
    this.#worker = new Worker(new URL('./page-text-thread.ts', import.meta.url), {
      workerData,
      resourceLimits: RESOURCES,
      env: {},
      // pdf.js tells the console what it thinks of a file.
      stdout: true,
      stderr: true,
    });
    this.#worker.on('message', (answer: TextAnswer) => this.#take(answer));
    this.#worker.on('error', (cause) => this.#fail('its reader broke down', cause));
    this.#timer = setTimeout(() => this.#fail('it took too long'), milliseconds);
  }

  /** @throws AppearanceError `signing.text_unreadable` */
  static async open(source: ByteSource, password?: string, milliseconds = MILLISECONDS): Promise<PageText> {
    const text = new PageText(source, password, milliseconds);
    try {
      const answer = await text.#answer();
      if (answer.kind === 'open') text.#pages = answer.pages;
      return text;
    } catch (error) {
      await text.close();
      throw error;
    }
  }

  get pages(): number {
    return this.#pages;
  }

  /** The runs of a page, from 0, in the order of its content. @throws AppearanceError `signing.text_unreadable` */
  async of(page: number): Promise<readonly TextRun[]> {
    const answer = this.#answer();
    this.#worker.postMessage({ kind: 'page', page } satisfies TextQuestion);
    const given = await answer;
    return given.kind === 'text' ? given.runs : [];
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#worker.terminate();
  }

  #answer(): Promise<TextAnswer> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((settle, fail) => {
      this.#waiting = { settle, fail };
    });
  }

  #take(answer: TextAnswer): void {
    if (answer.kind === 'range') this.#give(answer.begin, answer.end);
    else if (answer.kind === 'failed') this.#fail(answer.why);
    else {
      this.#waiting?.settle(answer);
      this.#waiting = undefined;
    }
  }

  #give(begin: number, end: number): void {
    try {
      const bytes = Buffer.from(this.#source.read(begin, Math.min(end, this.#source.length)));
      this.#worker.postMessage({ kind: 'range', begin, bytes } satisfies TextQuestion);
    } catch (cause) {
      this.#fail('the file cannot be read', cause);
    }
  }

  #fail(why: string, cause?: unknown): void {
    this.#failure ??= new AppearanceError('signing.text_unreadable', why, {
      details: { why },
      ...(cause === undefined ? {} : { cause }),
    });
    this.#waiting?.fail(this.#failure);
    this.#waiting = undefined;
    void this.close();
  }
}
