import { damaged, notSupported } from '../image.ts';

export interface XmlElement {
  /** Without its prefix when that is `svg`; otherwise as written. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Character data directly inside it. */
  readonly text: string;
}

const maxElements = 20_000;
const maxDepth = 50;
const maxAttributes = 100;

const tag = /<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[A-Za-z_][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const attribute = /([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * The elements of a small XML file. A document type, and with it every entity of its own, is refused.
 * @throws CompositionError `composition.image_damaged`, `composition.image_unsupported`
 */
export function parseXml(source: string): XmlElement {
  const root: Open = { name: '', attributes: new Map(), children: [], text: '' };
  const stack = [root];
  let count = 0;
  for (let at = 0; at < source.length; ) {
    const open = stack.at(-1) ?? root;
    const next = source.indexOf('<', at);
    const end = next < 0 ? source.length : next;
    open.text += plain(source.slice(at, end));
    if (next < 0) break;
    const skipped = skip(source, next, open);
    if (skipped > next) {
      at = skipped;
      continue;
    }
    tag.lastIndex = next;
    const found = tag.exec(source);
    if (!found) throw damaged('a tag that is not closed');
    at = tag.lastIndex;
    const [, closing, written = '', attributes = '', empty] = found;
    const name = written.replace(/^svg:/, '');
    if (closing === '/') {
      if (stack.length === 1 || open.name !== name) throw damaged(`</${name}> closes nothing`);
      stack.pop();
      continue;
    }
    if (++count > maxElements || stack.length > maxDepth) throw notSupported('so many elements');
    const element: Open = { name, attributes: attributesOf(attributes), children: [], text: '' };
    open.children.push(element);
    if (empty !== '/') stack.push(element);
  }
  const [only] = root.children;
  if (stack.length > 1 || only === undefined || root.children.length > 1 || root.text.trim() !== '') {
    throw damaged('not one whole element');
  }
  return only;
}

/** Behind a comment, an instruction or a CDATA section; `at` itself when there is none. */
function skip(source: string, at: number, open: Open): number {
  const behind = (begin: string, end: string): number => {
    const found = source.indexOf(end, at + begin.length);
    if (found < 0) throw damaged(`${begin} is not closed`);
    return found + end.length;
  };
  if (source.startsWith('<!--', at)) return behind('<!--', '-->');
  if (source.startsWith('<?', at)) return behind('<?', '?>');
  if (source.startsWith('<![CDATA[', at)) {
    const end = behind('<![CDATA[', ']]>');
    open.text += source.slice(at + 9, end - 3);
    return end;
  }
  if (source.startsWith('<!', at)) throw notSupported('a document type');
  return at;
}

function attributesOf(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(attribute)) {
    if (attributes.has(name) || attributes.size >= maxAttributes)
      throw damaged(`the attribute ${name} twice`);
    attributes.set(name, plain(double ?? single ?? ''));
  }
  return attributes;
}

function plain(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w{1,10});/gi, (_, name: string) => {
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    const known = name.startsWith('#')
      ? code < 0x110000
        ? String.fromCodePoint(code)
        : undefined
      : entities[name];
    if (known === undefined) throw notSupported(`the entity ${name}`);
    return known;
  });
}
