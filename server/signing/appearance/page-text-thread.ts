import { parentPort } from 'node:worker_threads';
import type { PDFDocumentLoadingTask, PDFDocumentProxy } from 'pdfjs-dist';
import type { TextItem } from 'pdfjs-dist/types/src/display/api.js';
import type { TextAnswer, TextQuestion, TextRun } from './page-text.ts';

/** Runs of one page; a page of small print has some thousands. */
const MAX_RUNS = 100_000;
const MAX_CHARACTERS = 2_000_000;
const WINDOW = 256 * 1024;

const tell = (answer: TextAnswer): void => parentPort?.postMessage(answer);

// Nothing inside a file is fetched from anywhere.
Reflect.deleteProperty(globalThis, 'fetch');
Reflect.deleteProperty(globalThis, 'WebSocket');
const { getDocument, PDFDataRangeTransport, VerbosityLevel } = await import(
  'pdfjs-dist/legacy/build/pdf.mjs'
);

interface Opened {
  readonly ranges: InstanceType<typeof PDFDataRangeTransport>;
  readonly task: PDFDocumentLoadingTask;
}
let present: Opened | undefined;

function open(file: number, length: number, password: string | undefined): Opened {
  const ranges = new (class extends PDFDataRangeTransport {
    override requestDataRange(begin: number, end: number): void {
      tell({ file, kind: 'range', begin, end });
    }
  })(length, null);
  const task = getDocument({
    range: ranges,
    rangeChunkSize: WINDOW,
    disableAutoFetch: true,
    disableStream: true,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    enableXfa: false,
    verbosity: VerbosityLevel.ERRORS,
    ...(password === undefined ? {} : { password }),
  });
  return { ranges, task };
}

parentPort?.on('message', (question: TextQuestion) => {
  if (question.kind === 'range') present?.ranges.onDataRange(question.begin, question.bytes);
  else {
    const { file } = question;
    answer(question).catch((error: unknown) =>
      tell({ file, kind: 'failed', why: String(error).slice(0, 200) }),
    );
  }
});

async function answer(question: Exclude<TextQuestion, { kind: 'range' }>): Promise<void> {
  const { file } = question;
  if (question.kind === 'open') {
    present = open(file, question.length, question.password);
    tell({ file, kind: 'open', pages: (await present.task.promise).numPages });
  } else if (question.kind === 'page') {
    const document = await present?.task.promise;
    tell({ file, kind: 'text', runs: document ? await runsOf(document, question.page) : [] });
  } else {
    const done = present;
    present = undefined;
    await done?.task.destroy();
  }
}

async function runsOf(document: PDFDocumentProxy, index: number): Promise<TextRun[]> {
  const page = await document.getPage(index + 1);
  const content = await page.getTextContent();
  const runs: TextRun[] = [];
  let characters = 0;
  for (const item of content.items) {
    if (!('str' in item) || item.str === '') continue;
    characters += item.str.length;
    if (runs.length >= MAX_RUNS || characters > MAX_CHARACTERS) throw new Error('too much text on the page');
    const { ascent = 0.8, descent = -0.2 } = content.styles[item.fontName] ?? {};
    runs.push(runOf(item, ascent, descent));
  }
  for (const field of await page.getAnnotations()) {
    const text: unknown = field.fieldType === 'Tx' ? field.fieldValue : undefined;
    if (typeof text === 'string' && text.trim() !== '' && Array.isArray(field.rect)) {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = field.rect.map(Number);
      runs.push({ text: text.slice(0, 1000), box: [x1, y1, x2, y2], isVertical: false });
    }
  }
  return runs;
}

/** The box of a run: along its base line as long as it is, across it as high as its font. */
function runOf({ str, transform, width }: TextItem, ascent: number, descent: number): TextRun {
  const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = transform.map(Number);
  const across = Math.hypot(a, b) || 1;
  const [alongX, alongY] = [(a / across) * width, (b / across) * width];
  const corners = [ascent, descent].flatMap((share) => [
    [x + c * share, y + d * share] as const,
    [x + c * share + alongX, y + d * share + alongY] as const,
  ]);
  const xs = corners.map(([cornerX]) => cornerX);
  const ys = corners.map(([, cornerY]) => cornerY);
  return {
    text: str,
    box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
    isVertical: Math.abs(b) > Math.abs(a),
  };
}
