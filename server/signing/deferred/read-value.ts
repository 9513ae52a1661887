import { Asn1Error } from '../../asn1/errors.ts';
import { type Node, readDer, readInteger } from '../../asn1/read.ts';
import { Tag } from '../../asn1/tag.ts';
import { integer, sequence } from '../../asn1/write.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { SigningError } from '../errors.ts';

/** RSA of 16,384 bits in hexadecimal with line breaks; longer is no signature value. */
const MAX_VALUE = 8192;

/**
 * A signature value as it comes back from a token or a person: raw, or as text in hexadecimal or base64; that of an
 * ECDSA key as DER or as the two numbers one behind the other, as PKCS #11 gives it.
 * @returns the value as CMS carries it; whether it is right is not looked at.
 * @throws SigningError `signing.value_unreadable`
 */
export function readValue(given: Uint8Array, { publicKey }: Pick<Certificate, 'publicKey'>): Uint8Array {
  if (given.length === 0 || given.length > MAX_VALUE) throw unreadable(`${given.length} bytes`);
  const value = fromText(given) ?? given;
  return publicKey.asymmetricKeyType === 'ec' ? ecdsaDer(value) : value;
}

const unreadable = (why: string): SigningError => new SigningError('signing.value_unreadable', why);

function fromText(given: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(given).toString('latin1').replace(/\s+/g, '');
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0) return Buffer.from(text, 'base64');
  return undefined;
}

/** ECDSA-Sig-Value (RFC 3279 2.2.3). */
function ecdsaDer(value: Uint8Array): Uint8Array {
  if (isEcdsaDer(value)) return value;
  if (value.length % 2 !== 0) throw unreadable('neither DER nor two numbers of one length');
  const [r, s] = [value.subarray(0, value.length / 2), value.subarray(value.length / 2)];
  return sequence(...[r, s].map((number) => integer(BigInt(`0x${Buffer.from(number).toString('hex')}`))));
}

function isEcdsaDer(value: Uint8Array): boolean {
  try {
    const { children }: Node = readDer(value).expect(Tag.sequence);
    return children.length === 2 && children.every((child) => readInteger(child) > 0n);
  } catch (error) {
    if (error instanceof Asn1Error) return false;
    throw error;
  }
}
