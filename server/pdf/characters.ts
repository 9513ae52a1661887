/** Character classes of ISO 32000-2 7.2.3. */
const WHITESPACE = 1;
const DELIMITER = 2;
const DIGIT = 4;

const classes = new Uint8Array(256);
for (const code of [0, 9, 10, 12, 13, 32]) classes[code] = WHITESPACE;
for (const character of '()<>[]{}/%') classes[character.charCodeAt(0)] = DELIMITER;
for (const character of '0123456789') classes[character.charCodeAt(0)] = DIGIT;

export const isWhitespace = (byte: number | undefined): boolean =>
  byte !== undefined && classes[byte] === WHITESPACE;
export const isDigit = (byte: number | undefined): boolean => byte !== undefined && classes[byte] === DIGIT;
/** Neither white space nor a delimiter; the end of the input is not regular. */
export const isRegular = (byte: number | undefined): boolean =>
  byte !== undefined && ((classes[byte] ?? 0) & (WHITESPACE | DELIMITER)) === 0;

/** The value of a hexadecimal digit, -1 for anything else. */
export function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
