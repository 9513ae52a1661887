import { damaged, notSupported } from '../image.ts';
import type { XmlElement } from './parse-xml.ts';

/** What is painted and how; inherited from element to element. */
export type Style = Readonly<Record<string, string>>;

/** Properties that are drawn. */
const inherited = [
  'fill',
  'fill-opacity',
  'fill-rule',
  'stroke',
  'stroke-opacity',
  'stroke-width',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-miterlimit',
  'stroke-dasharray',
  'stroke-dashoffset',
  'color',
  'visibility',
];
/** Properties of one element alone. */
const own = ['opacity', 'display'];
/** Properties that would change the picture and are not drawn here: refused rather than left out. */
const refused = [
  'clip-path',
  'mask',
  'filter',
  'marker',
  'marker-start',
  'marker-mid',
  'marker-end',
  'mix-blend-mode',
  'vector-effect',
  'paint-order',
];

const known: ReadonlySet<string> = new Set([...inherited, ...own, ...refused]);
/** Characters of a value: it is read again for each element that inherits it. */
const maxValue = 500;
const maxClasses = 50;

export const initialStyle: Style = { fill: 'black', stroke: 'none', 'stroke-width': '1', color: 'black' };

/** Class selectors of the file's style sheet, `.name { property: value }`; everything else in one is refused. */
export function classRules(sheet: string): Map<string, Style> {
  const rules = new Map<string, Style>();
  const plain = withoutComments(sheet).trim();
  const rule = /\s*((?:\.[\w-]+\s*,\s*)*\.[\w-]+)\s*\{([^{}]*)\}\s*/y;
  for (rule.lastIndex = 0; rule.lastIndex < plain.length; ) {
    const found = rule.exec(plain);
    if (!found) throw notSupported('a style sheet with other selectors than classes');
    const given = declarations(found[2] ?? '');
    for (const selector of (found[1] ?? '').split(',')) {
      const name = selector.trim().slice(1);
      rules.set(name, { ...rules.get(name), ...given });
    }
  }
  return rules;
}

/** A pattern would look for the end of each of many comments that have none. */
function withoutComments(sheet: string): string {
  const [first = '', ...rest] = sheet.split('/*');
  return rest.reduce((plain, part) => {
    const end = part.indexOf('*/');
    if (end < 0) throw notSupported('comments within comments');
    return plain + part.slice(end + 2);
  }, first);
}

/** The style of an element: inherited, then its attributes, its classes, its style attribute (SVG 1.1, 6.4). */
export function styleOf(element: XmlElement, parent: Style, classes: ReadonlyMap<string, Style>): Style {
  const style: Record<string, string> = {};
  for (const name of inherited) if (parent[name] !== undefined) style[name] = parent[name];
  const take = (given: Style): void => {
    for (const [name, value] of Object.entries(given)) {
      if (refused.includes(name) && value !== 'none' && value !== 'normal') throw notSupported(name);
      if (value === 'inherit' || !known.has(name)) continue;
      if (value.length > maxValue) throw notSupported(`so long a value of ${name}`);
      style[name] = value;
    }
  };
  take(Object.fromEntries([...element.attributes].map(([name, value]) => [name, value.trim()])));
  const named = (element.attributes.get('class') ?? '').split(/\s+/);
  if (named.length > maxClasses) throw notSupported('so many classes');
  for (const name of named) take(classes.get(name) ?? {});
  take(declarations(element.attributes.get('style') ?? ''));
  return style;
}

function declarations(text: string): Style {
  const parts = text.split(';').map((part) => {
    const colon = part.indexOf(':');
    return [
      part.slice(0, colon).trim(),
      part
        .slice(colon + 1)
        .replace('!important', '')
        .trim(),
    ] as const;
  });
  return Object.fromEntries(parts.filter(([name]) => known.has(name)));
}

const names: Readonly<Record<string, string>> = {
  black: '#000000',
  white: '#ffffff',
  red: '#ff0000',
  darkred: '#8b0000',
  crimson: '#dc143c',
  firebrick: '#b22222',
  blue: '#0000ff',
  darkblue: '#00008b',
  mediumblue: '#0000cd',
  navy: '#000080',
  royalblue: '#4169e1',
  green: '#008000',
  gray: '#808080',
  grey: '#808080',
  yellow: '#ffff00',
  gold: '#ffd700',
};

/** DeviceRGB 0 to 1; undefined: nothing is painted. @throws CompositionError `composition.image_unsupported` */
export function paintOf(value: string, style: Style): readonly [number, number, number] | undefined {
  const text = value.toLowerCase();
  if (text === 'none' || text === 'transparent') return undefined;
  if (text === 'currentcolor')
    return paintOf(style.color === 'currentcolor' ? 'black' : (style.color ?? 'black'), {});
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/.exec(names[text] ?? text)?.[1];
  if (hex !== undefined) {
    const digits = hex.length === 3 ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? []);
    const [red = 0, green = 0, blue = 0] = digits.map((pair) => Number.parseInt(pair, 16) / 255);
    return [red, green, blue];
  }
  const parts = /^rgb\(\s*([\d.]+%?)[\s,]+([\d.]+%?)[\s,]+([\d.]+%?)\s*\)$/.exec(text)?.slice(1);
  if (parts === undefined) throw notSupported(`the paint ${value.slice(0, 40)}`);
  const [red = 0, green = 0, blue = 0] = parts.map((part) =>
    Math.min(1, Number.parseFloat(part) / (part.endsWith('%') ? 100 : 255)),
  );
  return [red, green, blue];
}

/** Of anything that is one number; longer ones would have patterns try where they end. */
const maxNumber = 40;

/** A number with no unit or `px`. @throws CompositionError `composition.image_damaged` */
export function numberOf(text: string | undefined, fallback: number): number {
  if (text === undefined || text === '') return fallback;
  const match =
    text.length <= maxNumber && /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?)(?:px)?\s*$/i.exec(text);
  if (!match) throw damaged(`${text.slice(0, 20)} is no number`);
  return Number(match[1]);
}
