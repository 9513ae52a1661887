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
  /** Bytes of syntax read over the life of the document; a file whose objects overlap is read many times over. */
  readonly parsedBytes: number;
  /** Nodes of the page tree and of the field tree. */
  readonly nodes: number;
}

/** Generous for real files, small enough that the worst one ends within about a second. */
export const defaultLimits: PdfLimits = {
  depth: 128,
  entries: 4_000_000,
  sections: 4_096,
  decodedBytes: 64 * 2 ** 20,
  totalDecodedBytes: 256 * 2 ** 20,
  objectBytes: 64 * 2 ** 20,
  parsedBytes: 512 * 2 ** 20,
  nodes: 200_000,
};
