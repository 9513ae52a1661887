import { deflateSync } from 'node:zlib';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import type { PdfDocument } from '../../server/pdf/document.ts';
import type { PdfError } from '../../server/pdf/errors.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';

/** Writes PDF files by hand, as bytes, knowing nothing of the code under test. */
export class FileBuilder {
  #bytes: Buffer;
  /** Where the objects stand that no section names yet. */
  #pending = new Map<number, { offset: number; generation: number }>();
  #lastSection: number | undefined;
  #base: number;

  constructor(start: string | Buffer = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', base = 0) {
    this.#bytes = Buffer.from(start as string, 'latin1');
    this.#base = base;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  get length(): number {
    return this.#bytes.length;
  }

  get lastSection(): number {
    return this.#lastSection ?? 0;
  }

  text(text: string | Buffer): this {
    this.#bytes = Buffer.concat([this.#bytes, typeof text === 'string' ? Buffer.from(text, 'latin1') : text]);
    return this;
  }

  object(number: number, body: string, generation = 0): this {
    this.#pending.set(number, { offset: this.length - this.#base, generation });
    return this.text(`${number} ${generation} obj\n${body}\nendobj\n`);
  }

  stream(number: number, dict: string, data: string | Buffer, length?: string): this {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    this.#pending.set(number, { offset: this.length - this.#base, generation: 0 });
    return this.text(`${number} 0 obj\n<< ${dict} /Length ${length ?? bytes.length} >>\nstream\n`)
      .text(bytes)
      .text('\nendstream\nendobj\n');
  }

  /** Objects as `1: body` in an object stream; the section that follows must be {@link xrefStream}. */
  objectStream(number: number, objects: Readonly<Record<number, string>>, dict = ''): this {
    const numbers = Object.keys(objects).map(Number);
    let body = '';
    const head = numbers.map((n) => {
      const at = body.length;
      body += `${objects[n]} `;
      return `${n} ${at}`;
    });
    const first = head.join(' ').length + 1;
    numbers.forEach((n, index) => {
      this.compressed.push({ number: n, container: number, index });
    });
    const data = deflateSync(Buffer.from(`${head.join(' ')} ${body}`, 'latin1'));
    return this.stream(
      number,
      `/Type /ObjStm /N ${numbers.length} /First ${first} /Filter /FlateDecode ${dict}`,
      data,
    );
  }
  readonly compressed: { number: number; container: number; index: number }[] = [];

  /** A table that names the pending objects, with `free` numbers, and its trailer, startxref and end mark. */
  table(trailer: string, options: { free?: number[]; eol?: string; end?: string } = {}): this {
    const { eol = ' \n' } = options;
    const at = this.length;
    const rows = new Map<number, string>();
    for (const number of options.free ?? (this.#lastSection === undefined ? [0] : [])) {
      rows.set(number, `0000000000 65535 f${eol}`);
    }
    for (const [number, { offset, generation }] of this.#pending) {
      rows.set(number, `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} n${eol}`);
    }
    let text = 'xref\n';
    for (const [number, row] of [...rows].sort(([a], [b]) => a - b)) text += `${number} 1\n${row}`;
    const prev = this.#lastSection === undefined ? '' : `/Prev ${this.#lastSection}`;
    this.#pending.clear();
    this.#lastSection = at - this.#base;
    return this.text(
      `${text}trailer\n<< ${prev} ${trailer} >>\nstartxref\n${this.#lastSection}${options.end ?? '\n%%EOF\n'}`,
    );
  }

  /** A cross-reference stream that names the pending objects, those in object streams, and itself. */
  xrefStream(number: number, dict: string, options: { predictor?: boolean; hidden?: boolean } = {}): this {
    const at = this.length - this.#base;
    const rows = new Map<number, Buffer>();
    const row = (kind: number, place: number, extra: number): Buffer => {
      const bytes = Buffer.alloc(6);
      bytes.writeUInt8(kind, 0);
      bytes.writeUInt32BE(place, 1);
      bytes.writeUInt8(extra, 5);
      return bytes;
    };
    if (!options.hidden) {
      for (const [n, { offset, generation }] of this.#pending) rows.set(n, row(1, offset, generation));
      rows.set(number, row(1, at, 0));
      this.#pending.clear();
    }
    for (const { number: n, container, index } of this.compressed.splice(0))
      rows.set(n, row(2, container, index));
    const sorted = [...rows].sort(([a], [b]) => a - b);
    let data = Buffer.concat(sorted.map(([, bytes]) => bytes));
    if (options.predictor) {
      let above: Buffer = Buffer.alloc(6);
      data = Buffer.concat(
        sorted.map(([, bytes]) => {
          const line = Buffer.from([2, ...bytes.map((byte, i) => byte - (above[i] ?? 0))]);
          above = bytes;
          return line;
        }),
      );
    }
    const parms = options.predictor ? '/DecodeParms << /Predictor 12 /Columns 6 >>' : '';
    const prev = this.#lastSection === undefined || options.hidden ? '' : `/Prev ${this.#lastSection}`;
    const index = sorted.map(([n]) => `${n} 1`).join(' ');
    this.stream(
      number,
      `/Type /XRef /W [1 4 1] /Index [${index}] ${prev} ${dict} /Filter /FlateDecode ${parms}`,
      deflateSync(data),
    );
    this.#pending.delete(number);
    if (options.hidden) return this;
    this.#lastSection = at;
    return this.text(`startxref\n${at}\n%%EOF\n`);
  }

  open(): PdfDocument {
    return openPdf(bytesSource(this.#bytes));
  }
}

/** Catalog 1, page tree 2, one page 3; `bodies` replaces or adds. */
export function minimalObjects(bodies: Readonly<Record<number, string>> = {}): Record<number, string> {
  return {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << >> >>',
    ...bodies,
  };
}

const ID = '/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]';

/** A whole file of one revision with a cross-reference table. */
export function minimalPdf(bodies: Readonly<Record<number, string>> = {}, trailer = ID): FileBuilder {
  const builder = new FileBuilder();
  const objects = Object.entries(minimalObjects(bodies));
  for (const [number, body] of objects) builder.object(Number(number), body);
  return builder.table(`/Root 1 0 R /Size ${size(objects)} ${trailer}`);
}

/** The same with a cross-reference stream, everything but the catalog in an object stream. */
export function compressedPdf(bodies: Readonly<Record<number, string>> = {}, trailer = ID): FileBuilder {
  const { 1: catalog = '', ...rest } = minimalObjects(bodies);
  const next = size(Object.entries(rest));
  return new FileBuilder()
    .object(1, catalog)
    .objectStream(next, rest)
    .xrefStream(next + 1, `/Root 1 0 R /Size ${next + 2} ${trailer}`);
}

const size = (objects: [string, string][]): number => Math.max(...objects.map(([n]) => Number(n))) + 1;

/** The code a call is refused with; anything that is no coded error is thrown on. */
export function refusal(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    const { code } = error as PdfError;
    if (code?.startsWith('pdf.')) return code;
    throw error;
  }
}
