/**
 * What is appended to a file, as it is put together. Text is gathered and made bytes in one go: an update is a hundred
 * short pieces, and each buffer costs more than what is in it.
 */
export class UpdateBytes {
  /** Text with one character for each byte (Latin-1), and bytes between it. */
  readonly pieces: (string | Uint8Array)[] = [];
  readonly #start: number;
  #length = 0;

  /** `start` is where the first byte will stand in the file. */
  constructor(start: number) {
    this.#start = start;
  }

  /** Where the next byte will stand in the file. */
  get end(): number {
    return this.#start + this.#length;
  }

  add(piece: string | Uint8Array): void {
    const last = this.pieces.at(-1);
    if (typeof piece === 'string' && typeof last === 'string')
      this.pieces[this.pieces.length - 1] = last + piece;
    else this.pieces.push(piece);
    this.#length += piece.length;
  }

  toBuffer(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#length);
    let at = 0;
    for (const piece of this.pieces) {
      if (typeof piece === 'string') bytes.write(piece, at, 'latin1');
      else bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }
}
