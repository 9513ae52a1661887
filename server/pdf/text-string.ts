/** PDFDocEncoding (ISO 32000-2 annex D.2) where it differs from Latin-1; U+FFFD where it is undefined. */
const PDF_DOC_18 = '\u02d8\u02c7\u02c6\u02d9\u02dd\u02db\u02da\u02dc';
const PDF_DOC_80 =
  '\u2022\u2020\u2021\u2026\u2014\u2013\u0192\u2044\u2039\u203a\u2212\u2030\u201e\u201c\u201d\u2018' +
  '\u2019\u201a\u2122\ufb01\ufb02\u0141\u0152\u0160\u0178\u017d\u0131\u0142\u0153\u0161\u017e\ufffd\u20ac';

const ESCAPE = '\u001b';

const utf8 = new TextDecoder('utf-8');
const utf16be = new TextDecoder('utf-16be');
const utf16le = new TextDecoder('utf-16le');

/**
 * Reads a text string (ISO 32000-2 7.9.2.2): UTF-16BE or UTF-8 by its mark, otherwise PDFDocEncoding. Little-endian
 * UTF-16 is not in the standard but in the wild. Broken sequences become U+FFFD; nothing is thrown.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second, third] = bytes;
  if (first === 0xfe && second === 0xff) return withoutLanguage(utf16be.decode(bytes));
  if (first === 0xff && second === 0xfe) return withoutLanguage(utf16le.decode(bytes));
  if (first === 0xef && second === 0xbb && third === 0xbf) return withoutLanguage(utf8.decode(bytes));
  let text = '';
  for (const byte of bytes) text += pdfDocCharacter(byte);
  return text;
}

/** Writes a text string as UTF-16BE with its byte order mark, the one form every reader shows Vietnamese from. */
export function encodeText(text: string): Uint8Array {
  return Buffer.from(`\ufeff${writableText(text)}`, 'utf16le').swap16();
}

/** The text as it can be read again. */
export const writableText = (text: string): string => text.toWellFormed().replaceAll(ESCAPE, '');

/** Text in PDFDocEncoding; undefined when it has a character that encoding lacks. */
export function encodePdfDoc(text: string): Buffer | undefined {
  const bytes = [...text].map((character) => pdfDocBytes.get(character));
  return bytes.every((byte) => byte !== undefined) ? Buffer.from(bytes) : undefined;
}

function pdfDocCharacter(byte: number): string {
  if (byte >= 0x18 && byte < 0x20) return PDF_DOC_18.charAt(byte - 0x18);
  if (byte >= 0x80 && byte <= 0xa0) return PDF_DOC_80.charAt(byte - 0x80);
  if (byte === 0x7f || byte === 0xad) return '\ufffd';
  return String.fromCharCode(byte);
}

/** Takes out language marks, which stand between two escape characters (7.9.2.2.1). */
function withoutLanguage(text: string): string {
  if (!text.includes(ESCAPE)) return text;
  const [head = '', ...rest] = text.split(ESCAPE);
  return head + rest.filter((_, i) => i % 2 === 1).join('');
}

const pdfDocBytes = new Map(
  Array.from({ length: 256 }, (_, byte) => [pdfDocCharacter(byte), byte] as const).filter(
    ([character]) => character !== '\ufffd',
  ),
);
