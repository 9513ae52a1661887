import type { ObjectReader } from '../object-reader.ts';
import { isArray, PdfDict, PdfName, type PdfObject, PdfRef, PdfStream } from '../objects.ts';
import type { IncrementalUpdate } from './incremental-update.ts';

/** Lower left x and y, upper right x and y, in points (ISO 32000-2 7.9.5). */
export type Rectangle = readonly [number, number, number, number];

/** What a widget looks like: a content stream and the resources it names. Streams inside `resources` are welcome. */
export interface FormAppearance {
  readonly content: Uint8Array;
  readonly resources: PdfDict;
  /** The coordinates the content is drawn in; default: the size of the widget from 0 0. */
  readonly bbox?: Rectangle;
}

/** An appearance given as it is, or made with objects added to the update (embedded fonts, an imported page). */
export type Appearance = FormAppearance | ((update: IncrementalUpdate) => MadeAppearance);
export type MadeAppearance = FormAppearance | PdfStream | PdfRef;

/** Where a widget that shows nothing stands. */
export const EMPTY_RECTANGLE: Rectangle = [0, 0, 0, 0];

/** A form XObject (8.10). */
export function formXObject(appearance: FormAppearance, size: { width: number; height: number }): PdfStream {
  const dict = PdfDict.of({
    Type: PdfName.of('XObject'),
    Subtype: PdfName.of('Form'),
    BBox: appearance.bbox ?? [0, 0, size.width, size.height],
    Resources: appearance.resources,
  });
  return new PdfStream(dict, appearance.content);
}

/** Adds an appearance to the update; gives the reference that stands as /AP /N. */
export function addAppearance(update: IncrementalUpdate, appearance: Appearance, rect: Rectangle): PdfRef {
  const made = typeof appearance === 'function' ? appearance(update) : appearance;
  if (made instanceof PdfRef) return made;
  const size = { width: rect[2] - rect[0], height: rect[3] - rect[1] };
  return update.add(made instanceof PdfStream ? made : formXObject(made, size));
}

/** A /Rect with its corners in order; nothing when it is none. */
export function rectangle(reader: ObjectReader, value: PdfObject | undefined): Rectangle {
  const items = reader.resolve(value);
  const [x1, y1, x2, y2] = isArray(items) ? items.map((item) => reader.number(item) ?? 0) : [];
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return EMPTY_RECTANGLE;
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}
