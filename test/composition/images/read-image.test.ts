import { expect } from 'chai';
import fc from 'fast-check';
import { CompositionError } from '../../../server/composition/errors.ts';
import { readImage } from '../../../server/composition/images/read-image.ts';
import { hasTool } from '../tools.ts';
import { makeJpeg } from './make-jpeg.ts';
import { chunk, header, makePng, type Pixel, type PngOptions, pngSignature } from './make-png.ts';
import { pageOf } from './page-of.ts';
import { inkBox, render } from './render.ts';

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof CompositionError) return error.code;
    throw error;
  }
  return 'read';
};

/** Red, green, blue and half-clear black quarters. */
const quarters = (x: number, y: number): Pixel => {
  if (y < 4) return x < 4 ? [255, 0, 0, 255] : [0, 255, 0, 255];
  return x < 4 ? [0, 0, 255, 255] : [0, 0, 0, 0];
};
const palette: Pixel[] = [
  [255, 0, 0, 255],
  [0, 255, 0, 255],
  [0, 0, 255, 255],
  [0, 0, 0, 0],
];
const base: PngOptions = { width: 8, height: 8, pixel: quarters };
const blanks = ' '.repeat(250_000);
const svg = (inside: string, attributes = 'viewBox="0 0 100 100"'): Buffer =>
  Buffer.from(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inside}</svg>`);

const skipWithout = hasTool('pdftoppm') ? '' : ' (skipped: pdftoppm is not installed)';
const shown = (file: Uint8Array, hardMask = false) => {
  const picture = render(pageOf(readImage(file), 80, hardMask));
  return [20, 60].flatMap((y) => [20, 60].map((x) => picture.at(x, y).join(' ')));
};
const expected = ['255 0 0', '0 255 0', '0 0 255', '255 255 255'];

describe('pictures of signatures and seals', () => {
  describe(`PNG is shown as it is${skipWithout}`, () => {
    before(function () {
      if (skipWithout) this.skip();
    });
    const kinds: Record<string, PngOptions> = {
      'RGB with alpha': base,
      'sixteen bits': { ...base, depth: 16 },
      'a palette with transparency': { ...base, colourType: 3, palette },
      'a palette of two bits': { ...base, colourType: 3, depth: 2, palette },
      'RGB with one clear colour': {
        ...base,
        colourType: 2,
        chunks: [['tRNS', Buffer.from([0, 0, 0, 0, 0, 0])]],
      },
      interlaced: { ...base, interlaced: true },
      'interlaced sixteen bits with filters': { ...base, interlaced: true, depth: 16, filter: 4 },
      ...Object.fromEntries([1, 2, 3, 4].map((filter) => [`filter ${filter}`, { ...base, filter }])),
    };
    for (const [name, options] of Object.entries(kinds)) {
      it(name, () => expect(shown(makePng(options))).to.deep.equal(expected));
    }

    it('grey of one, two, four and eight bits, and with alpha', () => {
      const pixel = (x: number): Pixel => (x < 4 ? [0, 0, 0, 255] : [255, 255, 255, 255]);
      for (const depth of [1, 2, 4, 8, 16] as const) {
        const grey = shown(makePng({ ...base, pixel, colourType: 0, depth }));
        expect(grey, String(depth)).to.deep.equal(['0 0 0', '255 255 255', '0 0 0', '255 255 255']);
      }
      const alpha = makePng({ ...base, colourType: 4, pixel: (x) => [0, 0, 0, x < 4 ? 255 : 0] });
      expect(shown(alpha)).to.deep.equal(['0 0 0', '255 255 255', '0 0 0', '255 255 255']);
    });

    it('half-clear ink lets the paper through, and a hard mask keeps it whole', () => {
      const half = makePng({ ...base, pixel: () => [200, 0, 0, 128] });
      const [red, green] = render(pageOf(readImage(half), 80)).at(20, 20);
      expect(red).to.be.within(224, 231);
      expect(green).to.be.within(123, 131);
      expect(shown(half, true)[0]).to.equal('200 0 0');
      expect(shown(makePng(base), true)).to.deep.equal(expected);
    });
  });

  it('takes its size from the file, and knows ink and transparency', () => {
    const image = readImage(makePng({ ...base, dotsPerInch: 25.4, pixel: () => [10, 20, 200, 255] }));
    expect(image.size?.width).to.be.closeTo(8, 0.01);
    expect(image).to.deep.include({ aspect: 1, isTransparent: false });
    expect(image.ink?.[2]).to.be.closeTo(0.784, 0.01);
    expect(readImage(makePng(base)).isTransparent).to.equal(true);
    expect(readImage(svg('', 'width="3.6cm" height="1.8cm"')).size).to.deep.equal({ width: 36, height: 18 });
  });

  describe('JPEG', () => {
    /** Dark where the picture's upper left corner is, as it is stored. */
    const corner = (column: number, row: number): number[] => [column === 0 && row === 0 ? 0 : 255];
    const jpeg = (orientation: number): Buffer =>
      makeJpeg({ columns: 2, rows: 2, block: corner, orientation });
    const place: Record<number, string> = {
      1: 'top left',
      2: 'top right',
      3: 'bottom right',
      4: 'bottom left',
      5: 'top left',
      6: 'top right',
      7: 'bottom right',
      8: 'bottom left',
    };
    for (const [orientation, seen] of Object.entries(place)) {
      it(`of orientation ${orientation} has its first corner ${seen}${skipWithout}`, function () {
        if (skipWithout) this.skip();
        const picture = render(pageOf(readImage(jpeg(Number(orientation))), 80));
        const dark = inkBox(picture, ([r]) => r < 100);
        expect(dark.count).to.be.within(1500, 1700);
        expect(`${dark.top < 20 ? 'top' : 'bottom'} ${dark.left < 20 ? 'left' : 'right'}`).to.equal(seen);
      });
    }

    it('turned by a quarter is as tall as it was wide', () => {
      const wide = { columns: 4, rows: 2, block: corner, dotsPerInch: 127 };
      expect(readImage(makeJpeg(wide)).aspect).to.equal(2);
      expect(readImage(makeJpeg({ ...wide, orientation: 6 })).aspect).to.equal(0.5);
      expect(readImage(makeJpeg(wide)).size?.width).to.be.closeTo(6.4, 0.01);
    });

    it(`in CMYK by Adobe is not shown inverted${skipWithout}`, function () {
      if (skipWithout) this.skip();
      // Adobe stores ink as its complement: here no cyan and no black, full magenta and yellow, which is red.
      const red = () => [255, 0, 0, 255];
      const image = readImage(makeJpeg({ columns: 1, rows: 1, components: 4, isAdobe: true, block: red }));
      expect(image.isCmyk).to.equal(true);
      const [r, g, b] = render(pageOf(image, 40)).at(20, 20);
      expect([r > 200, g < 80, b < 80]).to.deep.equal([true, true, true]);
    });

    it('goes into the file without comments and camera data', () => {
      const image = readImage(
        makeJpeg({ columns: 1, rows: 1, block: corner, orientation: 1, comment: 'Cà Mau' }),
      );
      const { bytes } = image.xobject();
      const text = Buffer.from(bytes).toString('latin1');
      expect(text).to.not.include('Exif').and.not.include('Mau');
      expect(codeOf(() => readImage(bytes))).to.equal('read');
    });
  });

  describe('a hostile picture is refused', () => {
    const png = makePng(base);
    const jpeg = makeJpeg({ columns: 1, rows: 1, block: () => [0] });
    const bomb = (width: number, height: number): Buffer =>
      Buffer.concat([
        pngSignature,
        header(width, height),
        chunk('IDAT', Buffer.from([1])),
        chunk('IEND', Buffer.alloc(0)),
      ]);
    const cases: Record<string, [Uint8Array, string, string?]> = {
      nothing: [Buffer.alloc(0), 'composition.image_unknown'],
      'a GIF': [Buffer.from('GIF89a'), 'composition.image_unknown'],
      'a PNG named .jpg': [png, 'composition.image_wrong_type', 'dau.jpg'],
      'a JPEG named .PNG': [jpeg, 'composition.image_wrong_type', 'KY.PNG'],
      'a PNG of a thousand million pixels': [bomb(60_000, 60_000), 'composition.image_too_large'],
      'a PNG of no pixels': [bomb(0, 5), 'composition.image_damaged'],
      'a PNG with fewer bytes than pixels': [bomb(100, 100), 'composition.image_damaged'],
      'a PNG whose pixels unpack to more than there are': [
        Buffer.concat([
          png.subarray(0, 33),
          makePng({ ...base, width: 900, height: 900, pixel: () => [0, 0, 0, 0] }).subarray(33),
        ]),
        'composition.image_damaged',
      ],
      'a PNG with a colour outside its palette': [
        makePng({
          ...base,
          colourType: 3,
          palette: palette.slice(0, 4),
          chunks: [['PLTE', Buffer.from([1, 2, 3])]],
        }),
        'composition.image_damaged',
      ],
      'a PNG with a chunk that must be understood': [
        makePng({ ...base, chunks: [['ABCD', Buffer.alloc(3)]] }),
        'composition.image_unsupported',
      ],
      'a PNG without end': [png.subarray(0, -12), 'composition.image_damaged'],
      'a JPEG cut short': [jpeg.subarray(0, -2), 'composition.image_damaged'],
      'a JPEG without scan': [Buffer.from('ffd8ffd9', 'hex'), 'composition.image_damaged'],
      'an arithmetic JPEG': [
        Buffer.from(jpeg.toString('hex').replace('ffc0', 'ffc9'), 'hex'),
        'composition.image_unsupported',
      ],
      'a JPEG of 65,000 by 65,000': [
        Buffer.from(jpeg.toString('hex').replace('ffc0000b0800080008', 'ffc0000b08fde8fde8'), 'hex'),
        'composition.image_too_large',
      ],
      'an SVG with a script': [svg('<script>alert(1)</script>'), 'composition.image_unsupported'],
      'an SVG that acts on a click': [
        svg('<path d="M0 0h9v9z" onclick="x()"/>'),
        'composition.image_unsupported',
      ],
      'an SVG with a picture from elsewhere': [
        svg('<image href="http://127.0.0.1/x.png"/>'),
        'composition.image_unsupported',
      ],
      'an SVG with text, whose font nobody has': [svg('<text>UBND</text>'), 'composition.image_unsupported'],
      'an SVG with a gradient': [
        svg('<path fill="url(#a)" d="M0 0h9v9z"/>'),
        'composition.image_unsupported',
      ],
      'an SVG that clips': [svg('<g clip-path="url(#a)"/>'), 'composition.image_unsupported'],
      'an SVG with entities': [
        Buffer.from('<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 1 1"/>'),
        'composition.image_unsupported',
      ],
      'an SVG without size': [svg('', ''), 'composition.image_damaged'],
      'an SVG nested ten thousand deep': [svg('<g>'.repeat(10_000)), 'composition.image_unsupported'],
      'an SVG that is not closed': [Buffer.from('<svg viewBox="0 0 1 1"><g>'), 'composition.image_damaged'],
      'an SVG whose patterns would be tried at every blank': [
        svg(`<g transform="${blanks}x"/>`),
        'composition.image_damaged',
      ],
      'an SVG with a path of blanks': [svg(`<path d="M0 0${blanks}x"/>`), 'composition.image_damaged'],
      'an SVG with a number that is none after all': [
        svg(`<circle r="${'1'.repeat(250_000)}x"/>`),
        'composition.image_damaged',
      ],
      'an SVG with a width of blanks': [svg('', `width="1${blanks}x"`), 'composition.image_damaged'],
      'an SVG with comments that nobody closes': [
        svg(`<style>${'/*'.repeat(125_000)}</style>`),
        'composition.image_unsupported',
      ],
      'an SVG with dashes that every line inherits': [
        svg(
          `<g stroke="red" stroke-dasharray="${'1 '.repeat(60_000)}">${'<line x2="1"/>'.repeat(9_000)}</g>`,
        ),
        'composition.image_unsupported',
      ],
      'an SVG with classes without end': [
        svg(`<style>.a{${'fill:red;'.repeat(12_000)}}</style><g class="${'a '.repeat(60_000)}"/>`),
        'composition.image_unsupported',
      ],
      'an SVG with numbers without end': [svg('<path d="M1e99 0L5 5"/>'), 'composition.image_damaged'],
    };
    for (const [name, [bytes, code, file]] of Object.entries(cases)) {
      it(name, () => expect(codeOf(() => readImage(bytes, file))).to.equal(code));
    }

    it('whatever byte of it is changed, with a code and nothing else', () => {
      const files = [
        png,
        makePng({ ...base, interlaced: true }),
        jpeg,
        svg('<path d="M0 0a5 5 0 0 1 9 9z" fill="#f00"/>'),
      ];
      const change = fc.tuple(fc.nat(3), fc.nat(), fc.nat(255), fc.boolean());
      fc.assert(
        fc.property(change, ([which, position, value, isCut]) => {
          const file = Buffer.from(files[which] ?? png);
          const at = position % file.length;
          file[at] = value;
          expect(codeOf(() => readImage(isCut ? file.subarray(0, at) : file))).to.match(
            /^(read|composition\.image_)/,
          );
        }),
        { numRuns: 2000 },
      );
    });
  });

  it('takes an outline of more points than a call has arguments', () => {
    expect(readImage(svg(`<polyline points="${'0 0 '.repeat(150_000)}"/>`)).format).to.equal('svg');
  });

  describe(`SVG is drawn as vectors${skipWithout}`, () => {
    before(function () {
      if (skipWithout) this.skip();
    });
    const red = ([r, g]: readonly [number, number, number]) => r > 200 && g < 60;
    const boxOf = (file: Buffer) => {
      const { left, top, right, bottom } = inkBox(render(pageOf(readImage(file), 100)), red);
      return [left, top, right, bottom];
    };
    const cases: Record<string, [string, number[], string?]> = {
      'a rectangle, y downwards': [
        '<rect x="10" y="20" width="30" height="40" fill="red"/>',
        [10, 20, 40, 60],
      ],
      'a circle': ['<circle cx="50" cy="40" r="30" style="fill:#f00"/>', [20, 10, 80, 70]],
      'an arc of a path': ['<path d="M20 50a30 30 0 0 1 60 0z" fill="rgb(255,0,0)"/>', [20, 20, 80, 50]],
      'relative and smooth curves': [
        '<path d="m10 10h20v20h-20z m30 30q10 0 10 10t10 10v10h-20z" fill="red"/>',
        [10, 10, 60, 70],
      ],
      'groups, transforms and classes': [
        '<style>.c { fill: #ff0000 }</style><g transform="translate(10,10) scale(2)"><rect class="c" width="10" height="5"/></g>',
        [10, 10, 30, 20],
      ],
      'a turn about a point': [
        '<rect x="40" y="10" width="20" height="10" fill="red" transform="rotate(90 50 50)"/>',
        [80, 40, 90, 60],
      ],
      'a view box that begins elsewhere': [
        '<rect x="-40" y="-40" width="20" height="20" fill="red"/>',
        [10, 10, 30, 30],
        'viewBox="-50 -50 100 100"',
      ],
      lines: ['<polyline points="10,50 90,50" stroke="red" stroke-width="4" fill="none"/>', [10, 48, 90, 52]],
      'nothing that is hidden': [
        '<rect width="99" height="99" fill="red" display="none"/><rect x="5" y="5" width="5" height="5" fill="red"/>',
        [5, 5, 10, 10],
      ],
    };
    for (const [name, [inside, box, attributes]] of Object.entries(cases)) {
      it(name, () => {
        for (const [i, value] of boxOf(svg(inside, attributes)).entries()) {
          expect(value, `${name}: ${boxOf(svg(inside, attributes))}`).to.be.closeTo(box[i] ?? 0, 1);
        }
      });
    }

    it('opacity mixes with the paper', () => {
      const [red, green] = render(
        pageOf(readImage(svg('<rect width="100" height="100" fill="red" opacity="0.5"/>')), 100),
      ).at(50, 50);
      expect([red, green > 120 && green < 135]).to.deep.equal([255, true]);
    });
  });
});
