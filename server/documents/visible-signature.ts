import { signatureAppearance, signatureColours } from '../composition/signature-appearance.ts';
import type { VisibleSignature } from '../signing/begin-signature.ts';
import type { ContentPlaces, DocumentSignature } from './document-record.ts';

/** Where a person and where the agency sign (Decree 30/2020, annex I, components 7c and 8). */
export const SIGNATURE_FIELDS = { personal: 'ky_lanh_dao', organization: 'dau_co_quan' } as const;

/** The field of the next signature of a kind; only the first one has its place in the layout. */
export function nextField(kind: DocumentSignature['kind'], signatures: readonly DocumentSignature[]): string {
  const before = signatures.filter((signature) => signature.kind === kind).length;
  return before === 0 ? SIGNATURE_FIELDS[kind] : `${SIGNATURE_FIELDS[kind]}_${before + 1}`;
}

/** A plain text in the place kept for the field: who signs, and when in Vietnamese time. Undefined: invisible. */
export function visibleSignature(
  kind: DocumentSignature['kind'],
  field: string,
  places: ContentPlaces,
): VisibleSignature | undefined {
  const place = places[field];
  if (place === undefined) return undefined;
  const [x1, y1, x2, y2] = place.rect;
  return {
    ...place,
    appearance: ({ signer, signingTime }) =>
      signatureAppearance({
        lines: [`Ký bởi: ${signer}`, `Thời gian ký: ${vietnamTime(signingTime)}`],
        width: x2 - x1,
        height: y2 - y1,
        colour: signatureColours[kind],
        frame: kind === 'organization',
        // The seal will cover the left third (Decree 30/2020, annex I, II.8.b): no text under it.
        ...(kind === 'personal' && { insetLeft: (x2 - x1) / 3 }),
      }),
  };
}

/** `22/11/2026 10:15:30 +07:00` */
function vietnamTime(instant: Date): string {
  const [date = '', time = ''] = new Date(instant.getTime() + 7 * 3_600_000).toISOString().split('T');
  return `${date.split('-').reverse().join('/')} ${time.slice(0, 8)} +07:00`;
}
