/**
 * What is appended to a file, as it is put together. Text is gathered and made bytes in one go: an update is a hundred
 * short pieces, and each buffer costs more than what is in it.
 */
export class UpdateBytes {
  readonly #parts: Uint8Array[] = [];
  #text = '';
  #end: number;

  /** `start` is where the first byte will stand in the file. */
  constructor(start: number) {
    this.#end = start;
  }

  /** Where the next byte will stand in the file. */
  get end(): number {
    return this.#end;
  }

  /** One character for each byte (Latin-1). */
  text(text: string): void {
    this.#text += text;
    this.#end += text.length;
  }

  bytes(bytes: Uint8Array): void {
    this.#flush();
    this.#parts.push(bytes);
    this.#end += bytes.length;
  }

  /** All of it, once. */
  take(): Buffer {
    this.#flush();
    return Buffer.concat(this.#parts);
  }

  #flush(): void {
    if (this.#text) this.#parts.push(Buffer.from(this.#text, 'latin1'));
    this.#text = '';
  }
}
