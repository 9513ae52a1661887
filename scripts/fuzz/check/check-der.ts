import * as read from '../../../server/asn1/read.ts';
import { Tag } from '../../../server/asn1/tag.ts';
import { integer, oid, tlv } from '../../../server/asn1/write.ts';
import { guarded } from './problem.ts';

const ASN1 = ['asn1'];
const READERS = [read.readBoolean, read.readBitString, read.readOctetString, read.readString, read.readTime];
const NODES = 1_000;
/** Writing is for values of our own, and not made for longer ones. */
const WRITABLE = 500;

/** Reads every value as every type; DER has one encoding, so writing what was read gives the same bytes. */
export function checkDer(bytes: Buffer): string | undefined {
  for (const ber of [false, true]) {
    for (const reader of [read.readDer, read.readDerPrefix]) {
      const root = guarded(ASN1, () => reader(bytes, { ber }));
      const problem = root && walk(root, ber);
      if (problem) return problem;
    }
  }
  return undefined;
}

function walk(root: read.Node, ber: boolean): string | undefined {
  const waiting = [root];
  for (let count = 0; count < NODES; count++) {
    const node = waiting.pop();
    if (!node) return undefined;
    for (const reader of READERS) guarded(ASN1, () => reader(node));
    const number = guarded(ASN1, () => read.readInteger(node));
    const name = guarded(ASN1, () => read.readOid(node));
    const isShort = !ber && node.content.length < WRITABLE;
    if (!ber && !same(tlv(node.tag, node.content), node.bytes))
      return 'a value is not the bytes it was read from';
    if (isShort && node.tag === Tag.integer && number !== undefined && !same(integer(number), node.bytes)) {
      return 'an INTEGER was read that is written otherwise';
    }
    if (isShort && name !== undefined && !same(oid(name), node.bytes)) {
      return 'an OBJECT IDENTIFIER was read that is written otherwise';
    }
    if (node.constructed) waiting.push(...(guarded(ASN1, () => node.children) ?? []));
  }
  return undefined;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
