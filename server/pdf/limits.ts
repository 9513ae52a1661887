/** How much of a hostile file is worked through before it is refused with `pdf.too_complex` or `pdf.too_deep`. */
export interface PdfLimits {
  /** Arrays and dictionaries inside each other; also levels of the page tree and of the field tree. */
  readonly depth: number;
  /** Cross-reference entries of all sections together. */
  readonly entries: number;
  /** Cross-reference sections, that is about the number of incremental updates. */
  readonly sections: number;
  /** Bytes one stream may decode to. */
  readonly decodedBytes: number;
  /** Bytes that all cross-reference and object streams together may decode to. */
  readonly totalDecodedBytes: number;
  /** Bytes one object may take outside its stream data. */
  readonly objectBytes: number;
  /** Bytes of syntax read over the life of the document: this many, and … */
  readonly parsedBytes: number;
  /** … the length of the file so many times. A file whose objects overlap is read over and over. */
  readonly parsedTimes: number;
  /** Bytes decrypted over the life of the document: this many, and … */
  readonly decryptedBytes: number;
  /** … the length of the file so many times. */
  readonly decryptedTimes: number;
  /** Nodes of the page tree and of the field tree. */
  readonly nodes: number;
  /** Signatures of the document. */
  readonly signatures: number;
  /** Fields that one signature locks. */
  readonly lockedFields: number;
}

/** Generous for real files, small enough that the worst one ends within about a second. */
export const defaultLimits: PdfLimits = {
  depth: 128,
  entries: 2_000_000,
  sections: 4_096,
  decodedBytes: 64 * 2 ** 20,
  totalDecodedBytes: 256 * 2 ** 20,
  objectBytes: 64 * 2 ** 20,
  parsedBytes: 64 * 2 ** 20,
  parsedTimes: 16,
  decryptedBytes: 64 * 2 ** 20,
  decryptedTimes: 8,
  nodes: 200_000,
  signatures: 2_000,
  lockedFields: 5_000,
};
