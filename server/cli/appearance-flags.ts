import type { CodedError } from '../errors/coded-error.ts';
import type { AppearanceWish } from '../signing/appearance/plan-appearance.ts';
import { profileNames } from '../signing/appearance/profile-names.ts';
import type { Warning } from '../signing/appearance/warnings.ts';
import type { parseOptions } from './parse-options.ts';

/** Options that say how and where a signature shows. */
export const APPEARANCE_OPTIONS = {
  appearance: { type: 'string' },
  image: { type: 'string' },
  'image-width': { type: 'string' },
  page: { type: 'string' },
  box: { type: 'string' },
  anchor: { type: 'string' },
  side: { type: 'string' },
  match: { type: 'string' },
  value: { type: 'string', multiple: true },
  'over-text': { type: 'string' },
} as const;

export const APPEARANCE_HELP = `
How the signature shows; without --appearance it does not:
  --appearance NAME|FILE  ${profileNames.join(', ')}; or a profile of your own as JSON
  --image FILE        PNG, JPEG or SVG of the signature or the seal
  --image-width MM    how wide the thing itself is, when the file does not say so
  --page N|last       the page; default: where the profile says
  --box [CORNER:]X,Y[,WIDTH,HEIGHT][pt]
                      millimetres (or points) from top-left, top-right, bottom-left (default) or bottom-right
  --anchor TEXT       beside this text of the page; --side above (default), below, left, right or over it;
                      --match first, last (default) or the number of the one that is meant
  --value NAME=TEXT   for the texts: number, agency, title, copyForm, verificationUrl ...; may be repeated
  --over-text WHAT    when the box lies over text of the page: warn (default), refuse or ignore`;

/** For people, on the standard error. */
export const warningLine = (file: string, { en, details }: Warning): string =>
  `${file}: warning: ${en} ${JSON.stringify(details)}`;

type Values = ReturnType<typeof parseOptions<typeof APPEARANCE_OPTIONS>>['values'];

/** As {@link readAppearance}: fonts, pictures and profiles are loaded only for signatures that show. */
export async function wishedAppearance(values: Values): Promise<AppearanceWish | CodedError | undefined> {
  const names = Object.keys(APPEARANCE_OPTIONS) as (keyof typeof APPEARANCE_OPTIONS)[];
  if (names.every((name) => values[name] === undefined)) return undefined;
  return (await import('./appearance-options.ts')).readAppearance(values);
}
