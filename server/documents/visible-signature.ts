import type { Image } from '../composition/images/image.ts';
import { signatureAppearance, signatureColours } from '../composition/signature-appearance.ts';
import { isoVietnamTime, type Values, vietnamTime } from '../signing/appearance/fill-template.ts';
import { contained, imageSize, type Size } from '../signing/appearance/layout.ts';
import { profileByName } from '../signing/appearance/load-profile.ts';
import { mm, type Rect } from '../signing/appearance/page-frame.ts';
import type { AppearanceProfile } from '../signing/appearance/profile.ts';
import { profileNames } from '../signing/appearance/profile-names.ts';
import { renderAppearance } from '../signing/appearance/render.ts';
import type { VisibleSignature } from '../signing/begin-signature.ts';
import type { ContentPlace, ContentPlaces, DocumentSignature } from './document-record.ts';

/** Where a person and where the agency sign (Decree 30/2020, annex I, components 7c and 8). */
export const SIGNATURE_FIELDS = { personal: 'ky_lanh_dao', organization: 'dau_co_quan' } as const;

/** The field of the next signature of a kind; only the first one has its place in the layout. */
export function nextField(kind: DocumentSignature['kind'], signatures: readonly DocumentSignature[]): string {
  const before = signatures.filter((signature) => signature.kind === kind).length;
  return before === 0 ? SIGNATURE_FIELDS[kind] : `${SIGNATURE_FIELDS[kind]}_${before + 1}`;
}

export interface SignatureLook {
  readonly kind: DocumentSignature['kind'];
  readonly field: string;
  /** Name of a profile; one that does not ship counts as that of the kind. */
  readonly profile: string | undefined;
  /** The holder's signature or the agency's seal, if one is kept. */
  readonly image: Image | undefined;
  readonly values: Values;
}

export interface ShownSignature {
  readonly visible: VisibleSignature;
  /** The places, with that of the picture. */
  readonly places: ContentPlaces;
}

/** As large as the seal that the text stands for. */
const textSeal: Size = { width: mm(36), height: mm(30) };
const upright = { upright: [1, 0, 0, 1, 0, 0] } as const;

/**
 * How a signature shows in the place that the layout keeps for it: the holder's picture by the profile of Decree 30/2020,
 * or, while none is kept, a plain text. Undefined: invisible.
 */
export function visibleSignature(look: SignatureLook, places: ContentPlaces): ShownSignature | undefined {
  const place = places[look.field];
  if (place === undefined || look.profile === 'none') return undefined;
  const [x1, y1, x2, y2] = place.rect;
  const box = { width: x2 - x1, height: y2 - y1 };
  const profile = profileOf(look);
  if (profile.image?.required && look.image === undefined) {
    const appearance = asText(look, box, sealArea(textSeal, place, places));
    return { visible: { page: place.page, rect: place.rect, appearance }, places };
  }
  const image = profile.image && look.image;
  const size = image && profile.image && imageSize(image, profile.image);
  const imageRect =
    image && profile.image?.dock === 'fill'
      ? (look.kind === 'organization' && size && sealArea(size, place, places)) ||
        centred(contained(image.aspect, box), box)
      : undefined;
  const appearance: VisibleSignature['appearance'] = ({ signer, signingTime }) =>
    renderAppearance({
      profile,
      box,
      frame: upright,
      values: { ...look.values, ...timed(signingTime), name: signer },
      ...(image && { image }),
      ...(imageRect && { imageRect }),
    });
  return {
    visible: { page: place.page, rect: place.rect, appearance },
    places: imageRect ? { ...places, [look.field]: { ...place, ink: moved(imageRect, x1, y1) } } : places,
  };
}

const moved = ([left, bottom, right, top]: Rect, x: number, y: number): Rect => [
  left + x,
  bottom + y,
  right + x,
  top + y,
];

function profileOf({ profile, kind }: SignatureLook): AppearanceProfile {
  const isShipped = profile !== undefined && profileNames.includes(profile);
  return profileByName(isShipped ? profile : `nd30-${kind}`);
}

/** Who signs, and when in Vietnamese time; no text where the seal will cover the personal signature (annex I, II.8.b). */
function asText({ kind }: SignatureLook, box: Size, seal: Rect | undefined): VisibleSignature['appearance'] {
  const area: Rect | undefined = kind === 'personal' ? [box.width / 3, 0, box.width, box.height] : seal;
  return ({ signer, signingTime }) =>
    signatureAppearance({
      lines: [`Ký bởi: ${signer}`, `Thời gian ký: ${vietnamTime(signingTime)}`],
      ...box,
      colour: signatureColours[kind],
      frame: kind === 'organization',
      ...(area && { area }),
    });
}

/**
 * Where a seal of that size stands in its field: over the left third of the personal signature. Undefined when the field
 * is too small for it, as those of documents composed before this release are.
 */
function sealArea(
  { width, height }: Size,
  { page, rect: [x1, y1, x2, y2] }: ContentPlace,
  places: ContentPlaces,
): Rect | undefined {
  const personal = places[SIGNATURE_FIELDS.personal];
  if (personal === undefined || personal.page !== page) return undefined;
  const [left, bottom, right, top] = personal.ink ?? personal.rect;
  const edge = left + (right - left) / 3 - x1;
  const middle = (bottom + top) / 2 - y1;
  const area: Rect = [edge - width, middle - height / 2, edge, middle + height / 2];
  const fits = area[0] >= -1 && area[1] >= -1 && area[2] <= x2 - x1 + 1 && area[3] <= y2 - y1 + 1;
  return fits ? area : undefined;
}

function centred({ width, height }: Size, box: Size): Rect {
  const [x, y] = [(box.width - width) / 2, (box.height - height) / 2];
  return [x, y, x + width, y + height];
}

const timed = (at: Date): Values => ({ time: isoVietnamTime(at), timeVietnam: vietnamTime(at) });
