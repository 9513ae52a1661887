import { isRegular } from './characters.ts';
import {
  PdfDict as Dict,
  type PdfDict,
  PdfName,
  type PdfObject,
  PdfRef,
  PdfStream,
  PdfString,
} from './objects.ts';

/**
 * An object as it is written into a file (ISO 32000-2 7.3), one character for each byte (Latin-1).
 * @throws TypeError for a stream inside another object and for a number that is not finite: a mistake of the caller.
 */
export function serialize(value: PdfObject): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return serializeNumber(value);
  if (value instanceof PdfName) return serializeName(value.value);
  if (value instanceof PdfString) return serializeString(value);
  if (value instanceof PdfRef) return value.toString();
  if (value instanceof Dict) return serializeDict(value);
  if (value instanceof PdfStream) throw new TypeError('a stream is always an object of its own (7.3.8.1)');
  return `[${value.map(serialize).join(' ')}]`;
}

function serializeDict(dict: PdfDict): string {
  let text = '<<';
  dict.forEach((value, key) => {
    text += ` ${serializeName(key)} ${serialize(value)}`;
  });
  return `${text} >>`;
}

/** No exponent (7.3.3): ten decimals are more than any reader keeps. */
function serializeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`${value} is not a PDF number`);
  if (Math.abs(value) >= 1e21) return BigInt(value).toString();
  const text = String(value === 0 ? 0 : value);
  return text.includes('e') ? value.toFixed(10).replace(/\.?0+$/, '') : text;
}

function serializeName(value: string): string {
  if (/^[\w.+-]*$/.test(value)) return `/${value}`;
  let text = '/';
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const plain = code > 0x20 && code < 0x7f && code !== 0x23 && isRegular(code);
    text += plain ? value[i] : `#${code.toString(16).padStart(2, '0')}`;
  }
  return text;
}

function serializeString({ bytes, hex }: PdfString): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (hex) return `<${buffer.toString('hex')}>`;
  return `(${buffer.toString('latin1').replace(/[\\()\r]/g, (c) => (c === '\r' ? '\\r' : `\\${c}`))})`;
}
