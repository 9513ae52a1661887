import type { Image } from '../../composition/images/image.ts';
import { AppearanceError } from './errors.ts';
import { mm, type Rect } from './page-frame.ts';
import type { AppearanceProfile } from './profile.ts';

/** Points. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The parts that are shown this time. */
export interface Shown {
  readonly image: Image | undefined;
  readonly hasText: boolean;
  readonly hasQr: boolean;
}

/** Where the parts stand in the box; points from its lower left corner. */
export interface Layout {
  /** Of the picture itself, not of the room it was given. */
  readonly image?: Rect;
  readonly text?: Rect;
  readonly qr?: Rect;
}

type Dock = NonNullable<AppearanceProfile['image']>['dock'];

const tolerance = 0.01;
/** Between a frame and what it holds, points. */
const insideFrame = 2;

/** The seal or signature at the size of the thing itself: as its file says, else as the profile does. */
export function imageSize(
  image: Image,
  { actual }: NonNullable<AppearanceProfile['image']>,
): Size | undefined {
  const size = image.size ?? actual;
  if (size === undefined) return undefined;
  // One of the two is the profile's for any picture: its width counts, the picture keeps its shape.
  return { width: mm(size.width), height: mm(size.width) / image.aspect };
}

/**
 * The size of the box. A picture alone makes it as large as itself, so that what covers a third of the box covers a third
 * of the picture.
 */
export function boxSize(profile: AppearanceProfile, { image, hasText, hasQr }: Shown): Size {
  const { width = 0, height = 0 } = profile.size ?? {};
  const most = { width: mm(width), height: mm(height) };
  const isAlone = profile.image?.dock === 'fill' && !hasText && !hasQr && profile.frame === undefined;
  if (image === undefined || profile.image === undefined || !isAlone) return most;
  const actual = profile.image.fit === 'actual' ? imageSize(image, profile.image) : undefined;
  if (actual === undefined) return contained(image.aspect, most);
  if (actual.width > most.width + tolerance || actual.height > most.height + tolerance)
    throw doesNotFit('image');
  return actual;
}

/** @throws AppearanceError `signing.appearance_does_not_fit` */
export function layOut(profile: AppearanceProfile, { image, hasText, hasQr }: Shown, box: Size): Layout {
  const inset = profile.frame ? mm(profile.frame.width) + insideFrame : 0;
  let room: Rect = [inset, inset, box.width - inset, box.height - inset];
  const take = (dock: Dock, length: number): Rect => {
    const [part, rest] = split(room, dock, length);
    room = rest;
    return part;
  };
  const qr = hasQr && profile.qr ? square(take(profile.qr.dock, mm(profile.qr.length))) : undefined;
  const forImage =
    image !== undefined && profile.image
      ? take(profile.image.dock, mm(profile.image.length ?? 0))
      : undefined;
  return {
    ...(qr && { qr }),
    ...(image && profile.image && forImage && { image: imageRect(image, profile.image, forImage) }),
    ...(hasText && { text: room }),
  };
}

function imageRect(image: Image, part: NonNullable<AppearanceProfile['image']>, room: Rect): Rect {
  const most = { width: room[2] - room[0], height: room[3] - room[1] };
  const size = (part.fit === 'actual' ? imageSize(image, part) : undefined) ?? contained(image.aspect, most);
  if (size.width > most.width + tolerance || size.height > most.height + tolerance) throw doesNotFit('image');
  return centred(size, room);
}

export function contained(aspect: number, most: Size): Size {
  return most.width / most.height > aspect
    ? { width: most.height * aspect, height: most.height }
    : { width: most.width, height: most.width / aspect };
}

function square(room: Rect): Rect {
  return centred(contained(1, { width: room[2] - room[0], height: room[3] - room[1] }), room);
}

function centred({ width, height }: Size, [x1, y1, x2, y2]: Rect): Rect {
  const [x, y] = [(x1 + x2 - width) / 2, (y1 + y2 - height) / 2];
  return [x, y, x + width, y + height];
}

function split([x1, y1, x2, y2]: Rect, dock: Dock, length: number): [part: Rect, rest: Rect] {
  const across = Math.min(length, x2 - x1);
  const up = Math.min(length, y2 - y1);
  switch (dock) {
    case 'left':
      return [
        [x1, y1, x1 + across, y2],
        [x1 + across, y1, x2, y2],
      ];
    case 'right':
      return [
        [x2 - across, y1, x2, y2],
        [x1, y1, x2 - across, y2],
      ];
    case 'top':
      return [
        [x1, y2 - up, x2, y2],
        [x1, y1, x2, y2 - up],
      ];
    case 'bottom':
      return [
        [x1, y1, x2, y1 + up],
        [x1, y1 + up, x2, y2],
      ];
    default:
      // What fills the box lies behind the text.
      return [
        [x1, y1, x2, y2],
        [x1, y1, x2, y2],
      ];
  }
}

export const doesNotFit = (part: string): AppearanceError =>
  new AppearanceError('signing.appearance_does_not_fit', `the ${part} does not fit`, { details: { part } });
