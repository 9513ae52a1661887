import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false };
const millimetres = (description: string) => Type.Number({ minimum: 1, maximum: 400, description });
const Distance = Type.Number({ minimum: -400, maximum: 400, description: 'Millimetres.' });
const Size = Type.Object({ width: millimetres('Millimetres.'), height: millimetres('Millimetres.') }, strict);
const Colour = Type.String({ pattern: '^#[0-9a-f]{6}$', description: 'sRGB, for example #000000.' });
const Dock = Type.Enum(['left', 'right', 'top', 'bottom', 'fill']);
const Template = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'Text with {value}; {value?} leaves the whole text out when there is no such value.',
});

export const Corner = Type.Enum(['top-left', 'top-right', 'bottom-left', 'bottom-right']);
export type Corner = Static<typeof Corner>;

export const Anchor = Type.Object(
  {
    text: Type.String({ ...Template, description: 'Text on the page; a template, for example {name}.' }),
    match: Type.Optional(
      Type.Union([Type.Enum(['first', 'last']), Type.Integer({ minimum: 1, maximum: 10_000 })], {
        description: 'Which one when it stands there several times; default last.',
      }),
    ),
    side: Type.Enum(['above', 'below', 'left', 'right', 'over']),
    gap: Type.Optional(
      Type.Number({ minimum: 0, maximum: 200, description: 'Millimetres between text and box.' }),
    ),
    dx: Type.Optional(Distance),
    dy: Type.Optional(Distance),
  },
  strict,
);
export type Anchor = Static<typeof Anchor>;

/** Where the box stands: by a text, over an earlier signature, or by a corner of the page. */
export const Place = Type.Object(
  {
    page: Type.Optional(
      Type.Union([Type.Literal('last'), Type.Integer({ minimum: 1, maximum: 1_000_000 })], {
        description: 'From 1. Default 1; an anchor is looked for on every page.',
      }),
    ),
    anchor: Type.Optional(Anchor),
    cover: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'Part of the last visible signature that the box covers, from its left.',
      }),
    ),
    corner: Type.Optional(Corner),
    x: Type.Optional(Type.Number({ minimum: 0, maximum: 5000, description: 'Millimetres from the corner.' })),
    y: Type.Optional(Type.Number({ minimum: 0, maximum: 5000, description: 'Millimetres from the corner.' })),
  },
  strict,
);
export type Place = Static<typeof Place>;

/** How a signature looks and where it stands, as data: a rule of law has its source and the day it is in force from. */
export const AppearanceProfile = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
    title: Type.Object({ vi: Type.String({ maxLength: 200 }), en: Type.String({ maxLength: 200 }) }, strict),
    basis: Type.Optional(
      Type.Array(
        Type.Object(
          {
            source: Type.String({ minLength: 1, maxLength: 300 }),
            from: Type.String({ format: 'date' }),
            to: Type.Optional(Type.String({ format: 'date' })),
          },
          strict,
        ),
        { maxItems: 10, description: 'What demands it to look so, and since when.' },
      ),
    ),
    size: Type.Optional(Size),
    place: Type.Optional(Place),
    frame: Type.Optional(
      Type.Object(
        { colour: Colour, width: Type.Number({ minimum: 0.05, maximum: 5, description: 'Millimetres.' }) },
        strict,
      ),
    ),
    image: Type.Optional(
      Type.Object(
        {
          dock: Dock,
          length: Type.Optional(millimetres('Of the side it takes of the box; needed unless it fills it.')),
          fit: Type.Enum(['contain', 'actual'], {
            description: 'contain: as large as the room; actual: as large as the thing itself.',
          }),
          actual: Type.Optional(Size),
          required: Type.Optional(Type.Boolean()),
          ink: Type.Optional(Type.Enum(['blue', 'red'])),
        },
        strict,
      ),
    ),
    text: Type.Optional(
      Type.Object(
        {
          lines: Type.Array(Template, { minItems: 1, maxItems: 20 }),
          size: Type.Number({ minimum: 4, maximum: 72, description: 'Points.' }),
          smallest: Type.Number({
            minimum: 4,
            maximum: 72,
            description: 'Made smaller down to this until it fits.',
          }),
          align: Type.Enum(['left', 'center', 'right']),
          style: Type.Optional(Type.Enum(['regular', 'bold', 'italic', 'boldItalic'])),
          colour: Colour,
        },
        strict,
      ),
    ),
    qr: Type.Optional(
      Type.Object(
        {
          text: Template,
          dock: Dock,
          length: millimetres('Of its side, quiet zone included.'),
          correction: Type.Optional(Type.Enum(['L', 'M', 'Q', 'H'])),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type AppearanceProfile = Static<typeof AppearanceProfile>;

/** Nothing is drawn: the signature is there and not seen. */
export const isInvisible = ({ image, text, qr, frame }: AppearanceProfile): boolean =>
  image === undefined && text === undefined && qr === undefined && frame === undefined;
