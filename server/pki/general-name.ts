import { Asn1Error } from '../asn1/errors.ts';
import type { Node } from '../asn1/read.ts';
import { contextTag } from '../asn1/tag.ts';
import { type Name, readName } from './name.ts';

/** RFC 5280 4.2.1.6. Text is what the IA5String says; an IP address is its octets. */
export type GeneralName =
  | { readonly kind: 'email' | 'dns' | 'uri'; readonly value: string }
  | { readonly kind: 'directory'; readonly name: Name }
  | { readonly kind: 'ip'; readonly bytes: Uint8Array }
  | { readonly kind: 'other'; readonly tag: number; readonly bytes: Uint8Array };

const MAX_NAMES = 2048;

/** Reads GeneralNames: `node` is the sequence, under whatever implicit tag it stands. @throws Asn1Error */
export function readGeneralNames(node: Node): readonly GeneralName[] {
  if (node.children.length > MAX_NAMES) throw new Asn1Error('asn1.unexpected', 'too many names');
  return node.children.map(readGeneralName);
}

/** @throws Asn1Error */
export function readGeneralName(node: Node): GeneralName {
  switch (node.tag) {
    case contextTag(1, false):
      return { kind: 'email', value: text(node) };
    case contextTag(2, false):
      return { kind: 'dns', value: text(node) };
    case contextTag(4):
      return { kind: 'directory', name: readName(node.at(0)) };
    case contextTag(6, false):
      return { kind: 'uri', value: text(node) };
    case contextTag(7, false):
      return { kind: 'ip', bytes: node.content };
    default:
      return { kind: 'other', tag: node.tag, bytes: node.bytes };
  }
}

/** Two names that certainly mean the same thing. */
export function sameGeneralName(a: GeneralName, b: GeneralName): boolean {
  if (a.kind === 'directory') return b.kind === 'directory' && a.name.equals(b.name);
  if (a.kind === 'ip' || a.kind === 'other') {
    return b.kind === a.kind && Buffer.compare(a.bytes, b.bytes) === 0;
  }
  return b.kind === a.kind && 'value' in b && a.value === b.value;
}

const text = (node: Node): string => Buffer.from(node.content).toString('latin1');
