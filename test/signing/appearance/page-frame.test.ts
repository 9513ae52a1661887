import { expect } from 'chai';
import fc from 'fast-check';
import { PageFrame, type Rect } from '../../../server/signing/appearance/page-frame.ts';

describe('a page as it is seen', () => {
  const a4: Rect = [0, 0, 595, 842];

  it('is turned, cut and scaled as the page says', () => {
    const size = (rotate: number, box: Rect = a4, unit = 1) => {
      const { width, height } = new PageFrame(box, rotate, unit);
      return [width, height];
    };
    expect(size(0)).to.deep.equal([595, 842]);
    expect(size(90)).to.deep.equal([842, 595]);
    expect(size(-90)).to.deep.equal([842, 595]);
    expect(size(450)).to.deep.equal([842, 595]);
    expect(size(0, [100, 50, 200, 250], 2)).to.deep.equal([200, 400]);
  });

  it('has its upper right corner where a reader shows it, however it is turned', () => {
    const corner = (rotate: number): Rect => {
      const frame = new PageFrame([10, 20, 110, 220], rotate, 1);
      return frame.toUser([frame.width - 30, frame.height - 10, frame.width, frame.height]);
    };
    expect(corner(0)).to.deep.equal([80, 210, 110, 220]);
    // Turned clockwise by 90 degrees the page's own upper left corner is seen at the upper right.
    expect(corner(90)).to.deep.equal([10, 190, 20, 220]);
    expect(corner(180)).to.deep.equal([10, 20, 40, 30]);
    expect(corner(270)).to.deep.equal([100, 20, 110, 50]);
  });

  it('maps every box there and back', () => {
    const number = fc.integer({ min: -2000, max: 2000 });
    const side = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(
        fc.tuple(number, number, side, side, fc.constantFrom(0, 90, 180, 270), fc.constantFrom(1, 0.5, 10)),
        fc.tuple(number, number, side, side),
        ([x, y, width, height, rotate, unit], [left, bottom, across, up]) => {
          const frame = new PageFrame([x, y, x + width, y + height], rotate, unit);
          const box: Rect = [left, bottom, left + across, bottom + up];
          const back = frame.toSeen(frame.toUser(box));
          for (const [i, value] of back.entries()) expect(value).to.be.closeTo(box[i] ?? 0, 1e-6);
        },
      ),
    );
  });
});
