import { damaged } from '../image.ts';

/** A number of a content stream: plain digits (ISO 32000-2 7.3.3), within what every reader can take. */
export function operand(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) > 1_000_000) throw damaged('a number that is too large');
  // Five decimals, and so never an exponent but for what is nothing: Math.round leaves no 1e-7.
  return String(Math.round(value * 1e5) / 1e5);
}
