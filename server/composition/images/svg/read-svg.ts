import { PdfDict, PdfName, PdfStream } from '../../../pdf/objects.ts';
import { flateStream } from '../../update-sink.ts';
import { damaged, type Image, notSupported, plausibleSize } from '../image.ts';
import { operand } from './operand.ts';
import { parseXml, type XmlElement } from './parse-xml.ts';
import { maxSegments } from './path-data.ts';
import { outlineOf } from './shapes.ts';
import { classRules, initialStyle, numberOf, paintOf, type Style, styleOf } from './style.ts';
import { transformOf } from './transform.ts';

/** Millimetres of a unit of length (SVG 1.1, 7.10). */
const millimetres: Readonly<Record<string, number>> = {
  mm: 1,
  cm: 10,
  in: 25.4,
  pt: 25.4 / 72,
  pc: 25.4 / 6,
};
/** A seal traced with care has some tens of kilobytes. */
const maxBytes = 1024 * 1024;
/** Says nothing about the picture. */
const silent = ['title', 'desc', 'metadata', 'style'];

interface Drawing {
  readonly operators: string[];
  /** Names of graphics states by the opacities they set. */
  readonly states: Map<string, { readonly name: string; readonly fill: number; readonly stroke: number }>;
  readonly classes: ReadonlyMap<string, Style>;
}

/**
 * The outlines of an SVG as vectors. What would look different without a feature that is missing here (text, gradients,
 * clipping, filters, pictures in the picture, references, scripts) is refused: a seal is shown as it is or not at all.
 * @throws CompositionError `composition.image_damaged`, `composition.image_unsupported`
 */
export function readSvg(bytes: Buffer): Image {
  if (bytes.length > maxBytes) throw notSupported(`more than ${maxBytes} bytes`);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const root = parseXml(text);
  if (root.name !== 'svg') throw damaged('the root is no svg element');
  const { box, size } = geometry(root);
  const [, , width, height] = box;
  const classes = classRules(sheets(root).join('\n'));
  const drawing: Drawing = { operators: [], states: new Map(), classes };
  drawChildren(root, styleOf(root, initialStyle, classes), drawing);
  return {
    format: 'svg',
    aspect: width / height,
    ...(size === undefined ? {} : plausibleSize(size, (size * height) / width)),
    isTransparent: true,
    isCmyk: false,
    toUnitSquare: [1 / width, 0, 0, 1 / height, 0, 0],
    xobject: () => form(drawing, box),
  };
}

type ViewBox = readonly [x: number, y: number, width: number, height: number];

/** The view box, and the width in millimetres when the file gives one. */
function geometry(root: XmlElement): { box: ViewBox; size: number | undefined } {
  const length = (name: string) => {
    const match = /^\s*([\d.]+)\s*(mm|cm|in|pt|pc)?(?:px)?\s*$/.exec(
      (root.attributes.get(name) ?? '').trim().slice(0, 40),
    );
    return match && { value: Number(match[1]), unit: millimetres[match[2] ?? ''] };
  };
  const [width, height] = [length('width'), length('height')];
  const size = width?.unit === undefined ? undefined : width.value * width.unit;
  const given = root.attributes
    .get('viewBox')
    ?.trim()
    .split(/[\s,]+/)
    .map((part) => numberOf(part, 0));
  const [x = 0, y = 0, w = 0, h = 0] = given ?? [0, 0, width?.value ?? 0, height?.value ?? 0];
  const isUsable =
    w > 0 && h > 0 && w / h < 100 && h / w < 100 && (given === undefined || given.length === 4);
  if (!isUsable) throw damaged('no usable width, height or viewBox');
  return { box: [x, y, w, h], size };
}

const sheets = (element: XmlElement): string[] => [
  ...(element.name === 'style' ? [element.text] : []),
  ...element.children.flatMap(sheets),
];

function drawChildren(parent: XmlElement, style: Style, drawing: Drawing): void {
  for (const element of parent.children) drawElement(element, style, drawing);
}

function drawElement(element: XmlElement, inherited: Style, drawing: Drawing): void {
  const { name, attributes } = element;
  // Elements of editors and of metadata have a name space of their own.
  if (silent.includes(name) || name.includes(':')) return;
  if (name === 'defs' && element.children.every((child) => silent.includes(child.name))) return;
  for (const attribute of attributes.keys()) {
    if (/^on|href$/i.test(attribute)) throw notSupported(`the attribute ${attribute}`);
  }
  const style = styleOf(element, inherited, drawing.classes);
  if (style.display === 'none') return;
  const transform = attributes.get('transform');
  drawing.operators.push('q');
  if (transform !== undefined) drawing.operators.push(`${transformOf(transform).map(operand).join(' ')} cm`);
  if (name === 'g') {
    if (numberOf(style.opacity, 1) !== 1) throw notSupported('the opacity of a group');
    drawChildren(element, style, drawing);
  } else {
    const outline = outlineOf(element);
    if (outline === undefined) throw notSupported(`the element ${name.slice(0, 40)}`);
    if (style.visibility !== 'hidden' && outline.length > 0) paint(outline, style, drawing);
  }
  drawing.operators.push('Q');
  if (drawing.operators.length > maxSegments) throw notSupported('so many segments');
}

function paint(outline: readonly string[], style: Style, { operators, states }: Drawing): void {
  const fill = paintOf(style.fill ?? 'black', style);
  const width = numberOf(style['stroke-width'], 1);
  const stroke = width > 0 ? paintOf(style.stroke ?? 'none', style) : undefined;
  if (fill === undefined && stroke === undefined) return;
  const opacity = numberOf(style.opacity, 1);
  if (opacity !== 1 && fill !== undefined && stroke !== undefined) {
    throw notSupported('the opacity of a shape that is filled and stroked');
  }
  const opacities = {
    fill: clamp(opacity * numberOf(style['fill-opacity'], 1)),
    stroke: clamp(opacity * numberOf(style['stroke-opacity'], 1)),
  };
  if (opacities.fill < 1 || opacities.stroke < 1) {
    const key = `${opacities.fill} ${opacities.stroke}`;
    const state = states.get(key) ?? { name: `GS${states.size}`, ...opacities };
    states.set(key, state);
    operators.push(`/${state.name} gs`);
  }
  if (fill) operators.push(`${fill.map(operand).join(' ')} rg`);
  if (stroke) operators.push(`${stroke.map(operand).join(' ')} RG`, ...pen(style, width));
  const rule = style['fill-rule'] === 'evenodd' ? '*' : '';
  // One by one: as arguments of one call, so many would not fit on the stack.
  for (const segment of outline) operators.push(segment);
  operators.push(fill ? `${stroke ? 'B' : 'f'}${rule}` : 'S');
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

function pen(style: Style, width: number): string[] {
  const dashes = style['stroke-dasharray'];
  const isDashed = dashes !== undefined && dashes !== 'none';
  const lengths = isDashed ? dashes.split(/[\s,]+/).map((part) => Math.max(0, numberOf(part, 0))) : [];
  return [
    `${operand(width)} w`,
    `${Math.max(0, ['butt', 'round', 'square'].indexOf(style['stroke-linecap'] ?? 'butt'))} J`,
    `${Math.max(0, ['miter', 'round', 'bevel'].indexOf(style['stroke-linejoin'] ?? 'miter'))} j`,
    `${operand(Math.max(1, numberOf(style['stroke-miterlimit'], 4)))} M`,
    ...(lengths.some((length) => length > 0)
      ? [
          `[${lengths.slice(0, 20).map(operand).join(' ')}] ${operand(numberOf(style['stroke-dashoffset'], 0))} d`,
        ]
      : []),
  ];
}

/** A form XObject as large as the view box; SVG's y axis points down. */
function form({ operators, states }: Drawing, [x, y, width, height]: ViewBox): PdfStream {
  const content = `1 0 0 -1 ${operand(-x)} ${operand(y + height)} cm\n${operators.join('\n')}\n`;
  const gs = PdfDict.of(
    Object.fromEntries(
      [...states.values()].map(({ name, fill, stroke }) => [
        name,
        PdfDict.of({ Type: PdfName.of('ExtGState'), ca: fill, CA: stroke }),
      ]),
    ),
  );
  const stream = flateStream(Buffer.from(content, 'latin1'), {
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [0, 0, width, height],
  });
  const resources = PdfDict.of(states.size > 0 ? { ExtGState: gs } : {});
  return new PdfStream(stream.dict.with({ Resources: resources }), stream.bytes);
}
