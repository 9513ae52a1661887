import { basename } from 'node:path';
import { readImage } from '../composition/images/read-image.ts';
import { CodedError } from '../errors/coded-error.ts';
import { parseProfile, profileByName } from '../signing/appearance/load-profile.ts';
import { mm } from '../signing/appearance/page-frame.ts';
import type { AppearanceWish } from '../signing/appearance/plan-appearance.ts';
import type { AppearanceProfile, Corner, Place } from '../signing/appearance/profile.ts';
import { APPEARANCE_OPTIONS } from './appearance-flags.ts';
import { UsageError } from './command.ts';
import type { parseOptions } from './parse-options.ts';
import { readInput } from './read-input.ts';

type Values = ReturnType<typeof parseOptions<typeof APPEARANCE_OPTIONS>>['values'];

const corners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const;
const sides = ['above', 'below', 'left', 'right', 'over'] as const;
const policies = ['warn', 'refuse', 'ignore'] as const;

/** What the options ask for; undefined when they ask for nothing; the code by which a picture or profile is refused. @throws UsageError */
export async function readAppearance(values: Values): Promise<AppearanceWish | CodedError | undefined> {
  const { appearance, image: file, 'over-text': overText = 'warn' } = values;
  if (appearance === undefined) {
    const lonely = Object.keys(APPEARANCE_OPTIONS).filter(
      (name) => values[name as keyof Values] !== undefined,
    );
    if (lonely.length > 0) throw new UsageError(`--${lonely[0]} needs --appearance`);
    return undefined;
  }
  const policy = oneOf('over-text', overText, policies);
  const { place, size } = readPlace(values);
  const texts = readValues(values.value ?? []);
  try {
    const profile = await readProfile(appearance);
    const image = file === undefined ? undefined : readImage(await readInput(file), basename(file));
    const width = values['image-width'];
    return {
      profile,
      ...(image && { image: width === undefined ? image : { ...image, size: sized(image.aspect, width) } }),
      ...(place && { place }),
      ...(size && { size }),
      values: texts,
      overText: policy,
    };
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
}

async function readProfile(nameOrFile: string): Promise<AppearanceProfile> {
  if (/^[a-z0-9-]+$/.test(nameOrFile)) return profileByName(nameOrFile);
  return parseProfile((await readInput(nameOrFile)).toString('utf8'));
}

function sized(aspect: number, text: string): { width: number; height: number } {
  const width = numbered('image-width', text);
  if (width < 2 || width > 300) throw new UsageError('--image-width is 2 to 300 millimetres');
  return { width, height: width / aspect };
}

/** Shared by every command that places something on a page. @throws UsageError */
export function readPlace(values: Pick<Values, 'page' | 'box' | 'anchor' | 'side' | 'match'>): {
  place?: Place;
  size?: { width: number; height: number };
} {
  const { page, box, anchor, side = 'above', match } = values;
  if (box !== undefined && anchor !== undefined) throw new UsageError('give --box or --anchor, not both');
  if (anchor === undefined && (values.side !== undefined || match !== undefined)) {
    throw new UsageError('--side and --match need --anchor');
  }
  const onPage: Pick<Place, 'page'> =
    page === undefined ? {} : { page: page === 'last' ? page : counted('page', page) };
  if (anchor !== undefined) {
    if (anchor.trim() === '') throw new UsageError('--anchor is empty');
    const which =
      match === undefined || match === 'first' || match === 'last' ? match : counted('match', match);
    const text = { text: anchor, side: oneOf('side', side, sides), gap: 1 };
    return { place: { ...onPage, anchor: { ...text, ...(which !== undefined && { match: which }) } } };
  }
  if (box === undefined) return page === undefined ? {} : { place: onPage };
  const found = /^(?:([a-z-]+):)?([\d.,]+?)(mm|pt)?$/.exec(box.replace(/\s/g, ''));
  const numbers = (found?.[2] ?? '').split(',').map((text) => numbered('box', text));
  if (!found || (numbers.length !== 2 && numbers.length !== 4)) {
    throw new UsageError('--box is [CORNER:]X,Y or [CORNER:]X,Y,WIDTH,HEIGHT');
  }
  const corner: Corner = oneOf('box', found[1] ?? 'bottom-left', corners);
  const [x = 0, y = 0, width, height] = numbers.map((value) =>
    found[3] === 'pt' ? (value * 25.4) / 72 : value,
  );
  const place = { ...onPage, corner, x, y };
  if (width === undefined || height === undefined) return { place };
  if (width < 1 || height < 1) throw new UsageError('--box is at least one millimetre wide and high');
  return { place, size: { width: mm(width), height: mm(height) } };
}

function readValues(given: readonly string[]): Record<string, string> {
  const pairs = given.map((text) => {
    const [, name, value] = /^([A-Za-z]\w{0,39})=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new UsageError('--value is NAME=TEXT');
    return [name, value] as const;
  });
  return Object.fromEntries(pairs);
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new UsageError(`--${option} is one of ${allowed.join(', ')}`);
  return found;
}

function numbered(option: string, text: string): number {
  if (!/^\d{1,5}(\.\d{1,4})?$/.test(text))
    throw new UsageError(`--${option}: ${text.slice(0, 20)} is no number`);
  return Number(text);
}

function counted(option: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new UsageError(`--${option} is a number from 1, or a word it knows`);
  return Number(text);
}
