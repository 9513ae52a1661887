import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Image } from '../../composition/images/image.ts';
import { type ByteSource, joinedSource, transientWindows } from '../../pdf/byte-source.ts';
import { openPdf } from '../../pdf/open-pdf.ts';
import { walkPages } from '../../pdf/pages.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { AttributeType } from '../../pki/oids.ts';
import type { VisibleSignature } from '../begin-signature.ts';
import { repairAfter } from '../prepare-or-repair.ts';
import { AppearanceError } from './errors.ts';
import { isoVietnamTime, namesIn, type Values, vietnamTime } from './fill-template.ts';
import { boxSize, type Size } from './layout.ts';
import { textsUnder } from './over-text.ts';
import type { Rect } from './page-frame.ts';
import { PageText } from './page-text.ts';
import { pdfaPart } from './pdf-a.ts';
import { fieldPlace, type PlacedBox, placeBox } from './place-box.ts';
import { type AppearanceProfile, isInvisible, type Place } from './profile.ts';
import { renderAppearance, textLines } from './render.ts';
import { imageWarnings, type Warning, warning } from './warnings.ts';

export interface AppearanceWish {
  readonly profile: AppearanceProfile;
  readonly image?: Image;
  /** Instead of the profile's place; what it leaves out is the profile's, as long as it is of the same kind. */
  readonly place?: Place;
  /** Points, instead of the profile's. */
  readonly size?: Size;
  /** For the texts: `number`, `agency`, `title`, `copyForm`, `verificationUrl` … */
  readonly values?: Values;
  /** What to do when the box lies over text; default: warn. */
  readonly overText?: 'warn' | 'refuse' | 'ignore';
}

export interface SigningContext {
  readonly source: ByteSource;
  readonly password?: string;
  readonly certificate: Certificate;
  readonly field?: string;
  readonly name?: string;
  readonly reason?: string;
  readonly location?: string;
}

export interface PlannedAppearance {
  /** Undefined: the signature is not shown. */
  readonly visible: VisibleSignature | undefined;
  readonly warnings: readonly Warning[];
}

/** Windows of 1 MiB hashed between two turns of the event loop. */
const WINDOWS_A_TURN = 4;

/**
 * Decides where and how a signature shows: the profile's parts, the box by corner, anchor text, earlier signature or the
 * field itself, and what is under it.
 * @throws AppearanceError `signing.appearance_*`, `signing.anchor_not_found`, `signing.over_text` …; CompositionError; PdfError
 */
export async function planAppearance(
  wish: AppearanceWish,
  context: SigningContext,
): Promise<PlannedAppearance> {
  try {
    return await plan(wish, context);
  } catch (damage) {
    // The signature will stand in the repaired file, so it is planned there.
    const repair = await repairAfter(damage, context.source, context.password);
    return plan(wish, { ...context, source: joinedSource(context.source, repair.bytes) });
  }
}

async function plan(wish: AppearanceWish, context: SigningContext): Promise<PlannedAppearance> {
  const { profile, image } = wish;
  if (isInvisible(profile)) return { visible: undefined, warnings: [] };
  if (profile.image?.required && image === undefined) {
    throw new AppearanceError('signing.appearance_image_missing', `${profile.name} needs a picture`);
  }
  const { source, password } = context;
  const doc = openPdf(source, password === undefined ? {} : { password });
  const values = await valuesOf(wish, context);
  const text = new LazyText(source, password);
  try {
    const box = await boxOf(wish, context, doc, values, text);
    const seen = box.frame.toSeen(box.rect);
    const size = { width: seen[2] - seen[0], height: seen[3] - seen[1] };
    const pdfa = pdfaPart(doc);
    const options = {
      profile,
      box: size,
      frame: box.frame,
      ...(image && profile.image && { image }),
      ...(pdfa !== undefined && { pdfa }),
    };
    const warnings = [
      ...(image && profile.image ? imageWarnings(image, profile.image, pdfa) : []),
      ...(wish.overText === 'ignore' ? [] : await overText(box, wish, text)),
    ];
    return {
      warnings,
      visible: {
        page: box.page,
        rect: box.rect,
        appearance: ({ signer, signingTime }) =>
          renderAppearance({ ...options, values: { ...values, ...timed(signingTime), name: signer } }),
      },
    };
  } finally {
    await text.close();
  }
}

/** The thread is started when somebody asks, and at most once a file. */
class LazyText {
  readonly #source: ByteSource;
  readonly #password: string | undefined;
  #opened: Promise<PageText> | undefined;

  constructor(source: ByteSource, password: string | undefined) {
    this.#source = source;
    this.#password = password;
  }

  open(): Promise<PageText> {
    this.#opened ??= PageText.open(this.#source, this.#password);
    return this.#opened;
  }

  async close(): Promise<void> {
    await (await this.#opened?.catch(() => undefined))?.close();
  }
}

async function boxOf(
  { profile, image, place, size }: AppearanceWish,
  { field }: SigningContext,
  doc: ReturnType<typeof openPdf>,
  values: Values,
  text: LazyText,
): Promise<PlacedBox> {
  const own = field === undefined ? undefined : fieldPlace(doc, [...walkPages(doc)], field);
  if (own) {
    if (place === undefined) return own;
    throw new AppearanceError('signing.field_has_place', `the field ${field} has a place`, {
      details: { field },
    });
  }
  const shown = {
    image,
    hasText: textLines(profile, { ...values, ...timed(new Date(0)) }).length > 0,
    hasQr: profile.qr !== undefined && values.documentHash !== undefined,
  };
  const wanted = size ?? boxSize(profile, shown);
  return placeBox(doc, merged(profile.place, place), wanted, values, () => text.open());
}

/** A place of another kind replaces the profile's; one of the same kind, or only a page, corrects it. */
function merged(given: Place = {}, wish: Place = {}): Place {
  const kinds = ['anchor', 'cover', 'corner', 'x', 'y'] as const;
  const isOther = kinds.some((kind) => wish[kind] !== undefined);
  return isOther ? wish : { ...given, ...wish };
}

const timed = (at: Date): Values => ({ time: isoVietnamTime(at), timeVietnam: vietnamTime(at) });

async function valuesOf({ profile, values = {} }: AppearanceWish, context: SigningContext): Promise<Values> {
  const { subject } = context.certificate;
  const organization = subject.last(AttributeType.organization);
  const name = context.name ?? subject.last(AttributeType.commonName);
  const isAsked = [...(profile.text?.lines ?? []), profile.qr?.text ?? ''].some((template) =>
    namesIn(template).includes('documentHash'),
  );
  // Who signs, when, and what is signed, nobody can word otherwise.
  const known: Record<string, string | undefined> = {
    agency: organization ?? name,
    title: subject.last(AttributeType.title),
    reason: context.reason,
    location: context.location,
    ...values,
    name,
    serial: context.certificate.serial,
    documentHash: isAsked ? await sha256(context.source) : undefined,
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** Of the file as it is before this signature. */
async function sha256(source: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  let hashed = 0;
  for (const window of transientWindows(source)) {
    hash.update(window);
    hashed += 1;
    if (hashed % WINDOWS_A_TURN === 0) await nextTurn();
  }
  return hash.digest('hex');
}

/** @throws AppearanceError `signing.over_text` when that is to be refused */
async function overText(
  { page, rect }: { page: number; rect: Rect },
  { overText: policy = 'warn' }: AppearanceWish,
  text: LazyText,
): Promise<Warning[]> {
  let under: string[];
  try {
    under = textsUnder(await (await text.open()).of(page), rect);
  } catch (error) {
    if (policy === 'refuse' || !(error instanceof AppearanceError)) throw error;
    return [warning('text_not_checked', error.details)];
  }
  if (under.length === 0) return [];
  const details = { page: page + 1, overText: under };
  if (policy === 'refuse')
    throw new AppearanceError('signing.over_text', 'the box lies over text', { details });
  return [warning('over_text', details)];
}
