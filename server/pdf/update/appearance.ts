import { PdfDict, PdfName, PdfRef, PdfStream } from '../objects.ts';
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
export type Appearance = FormAppearance | ((update: IncrementalUpdate) => PdfStream | PdfRef);

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
  if (typeof appearance !== 'function') {
    return update.add(formXObject(appearance, { width: rect[2] - rect[0], height: rect[3] - rect[1] }));
  }
  const made = appearance(update);
  return made instanceof PdfRef ? made : update.add(made);
}
