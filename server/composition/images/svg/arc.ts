type Point = readonly [number, number];
type Curve = [number, number, number, number, number, number];

export interface Arc {
  readonly rx: number;
  readonly ry: number;
  /** Degrees. */
  readonly angle: number;
  readonly isLarge: boolean;
  readonly isSweep: boolean;
}

/** An elliptical arc as cubic curves (SVG 1.1, F.6); undefined when it is a straight line. */
export function arcCurves(from: Point, to: Point, arc: Arc): Curve[] | undefined {
  let [rx, ry] = [Math.abs(arc.rx), Math.abs(arc.ry)];
  if (rx === 0 || ry === 0) return undefined;
  if (from[0] === to[0] && from[1] === to[1]) return [];
  const turn = (arc.angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const [dx, dy] = [(from[0] - to[0]) / 2, (from[1] - to[1]) / 2];
  const [x, y] = [cos * dx + sin * dy, cos * dy - sin * dx];
  // F.6.6: radii that are too small grow until the ellipse reaches both points.
  const reach = Math.sqrt((x / rx) ** 2 + (y / ry) ** 2);
  if (reach > 1) [rx, ry] = [rx * reach, ry * reach];
  const under = (rx * ry) ** 2 - (rx * y) ** 2 - (ry * x) ** 2;
  const root = Math.sqrt(Math.max(0, under) / ((rx * y) ** 2 + (ry * x) ** 2));
  const sign = arc.isLarge === arc.isSweep ? -1 : 1;
  const [cx, cy] = [(sign * root * rx * y) / ry, (-sign * root * ry * x) / rx];
  const start = Math.atan2((y - cy) / ry, (x - cx) / rx);
  let sweep = Math.atan2((-y - cy) / ry, (-x - cx) / rx) - start;
  if (arc.isSweep && sweep < 0) sweep += 2 * Math.PI;
  if (!arc.isSweep && sweep > 0) sweep -= 2 * Math.PI;
  const [middleX, middleY] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  const place = (u: number, v: number): [number, number] => [
    cos * (rx * u + cx) - sin * (ry * v + cy) + middleX,
    sin * (rx * u + cx) + cos * (ry * v + cy) + middleY,
  ];
  const pieces = Math.max(1, Math.ceil(Math.abs(sweep) / (Math.PI / 2)));
  const step = sweep / pieces;
  const handle = (4 / 3) * Math.tan(step / 4);
  return Array.from({ length: pieces }, (_, i) => {
    const [a, b] = [start + i * step, start + (i + 1) * step];
    const first = place(Math.cos(a) - handle * Math.sin(a), Math.sin(a) + handle * Math.cos(a));
    const second = place(Math.cos(b) + handle * Math.sin(b), Math.sin(b) - handle * Math.cos(b));
    return [...first, ...second, ...(i === pieces - 1 ? to : place(Math.cos(b), Math.sin(b)))] as Curve;
  });
}
