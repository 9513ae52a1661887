import { encodePdfDoc } from '../text-string.ts';

/** RFC 4013 2.1 with tables C.1.2 and B.1 of RFC 3454: spaces that become a space, characters that become nothing. */
const OTHER_SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
const MAPPED_TO_NOTHING = /\u034f|[\ufe00-\ufe0f]|[\u180b-\u180d]|\u200d|[\u00ad\u1806\u200c\u2060\ufeff]/gu;

/** 7.6.4.3.3: more bytes of a password do not count. */
const LONGEST = 127;

/**
 * The bytes a password may stand for, likeliest first. Revisions 5 and 6 take SASLprep and UTF-8 (ISO 32000-2
 * 7.6.4.3.3), earlier ones PDFDocEncoding (7.6.4.3.2); writers that took UTF-8 as it came are followed in both.
 */
export function passwordBytes(revision: number, password: string): Uint8Array[] {
  const plain = Buffer.from(password, 'utf8').subarray(0, LONGEST);
  const proper = revision >= 5 ? Buffer.from(prepared(password), 'utf8') : encodePdfDoc(password);
  if (!proper || plain.equals(proper)) return [plain];
  return [proper.subarray(0, LONGEST), plain];
}

const prepared = (password: string): string =>
  password.replace(OTHER_SPACES, ' ').replace(MAPPED_TO_NOTHING, '').normalize('NFKC');
