import { makePng, type Pixel } from '../../composition/images/make-png.ts';

const clear: Pixel = [255, 255, 255, 0];

/** A red seal, two rings and a star, whose edges touch the edges of the picture; 36 mm at 300 dots an inch. */
export function sealPng(millimetres = 36): Buffer {
  const dotsPerInch = 150;
  const side = Math.round((millimetres / 25.4) * dotsPerInch);
  const middle = (side - 1) / 2;
  return makePng({
    width: side,
    height: side,
    dotsPerInch,
    pixel: (x, y) => {
      const radius = Math.hypot(x - middle, y - middle) / (side / 2);
      const isRing = (radius > 0.94 && radius <= 1) || (radius > 0.62 && radius < 0.65);
      const isRed = isRing || isInStar((x - middle) / (side / 2), (y - middle) / (side / 2), 0.42);
      return isRed ? [218, 20, 30, 255] : clear;
    },
  });
}

function isInStar(x: number, y: number, radius: number): boolean {
  const angle = Math.atan2(x, -y);
  const sector = (2 * Math.PI) / 5;
  const turned = Math.abs(((((angle + sector / 2) % sector) + sector) % sector) - sector / 2);
  const inner = radius * 0.382;
  const [ax, ay] = [radius, 0];
  const [bx, by] = [inner * Math.cos(sector / 2), inner * Math.sin(sector / 2)];
  const [px, py] = [Math.hypot(x, y) * Math.cos(turned), Math.hypot(x, y) * Math.sin(turned)];
  return (bx - ax) * (py - ay) - (by - ay) * (px - ax) > 0;
}

/** A blue stroke across the whole picture, in handwriting's manner, as wide as 2.4 times its height. */
export function signaturePng(): Buffer {
  const [width, height] = [360, 150];
  return makePng({
    width,
    height,
    pixel: (x, y) => {
      const wave = height / 2 + Math.sin(x / 22) * (height / 2 - 12) * Math.cos(x / 140);
      const slope = 1 + Math.abs(Math.cos(x / 22)) * 3;
      const distance = Math.abs(y - wave) / slope;
      if (distance < 2.2) return [22, 48, 160, 255];
      return distance < 3.2 ? [22, 48, 160, 128] : clear;
    },
  });
}
