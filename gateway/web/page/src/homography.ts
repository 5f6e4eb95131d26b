// The plane of a facade in the picture: the same map as vision's (vision/facade), so that the drawn
// ruler lies where the box will look.

export type Point = readonly [x: number, y: number];
/// Ground left, ground right, top right, top left.
export type Corners = readonly [Point, Point, Point, Point];

/// Where (u, v) of the facade lies in the picture: u from left to right 0..1, v from the ground up
/// 0..1. Null: the four points are no quadrilateral. (Heckbert 1989, §2.2.3: square to quadrilateral)
export function planeOf(corners: Corners): ((u: number, v: number) => Point) | null {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = corners;
  const sx = x0 - x1 + x2 - x3;
  const sy = y0 - y1 + y2 - y3;
  const dx1 = x1 - x2;
  const dx2 = x3 - x2;
  const dy1 = y1 - y2;
  const dy2 = y3 - y2;
  const d = dx1 * dy2 - dx2 * dy1;
  if (Math.abs(d) < 1e-9) return null;
  const g = (sx * dy2 - dx2 * sy) / d;
  const h = (dx1 * sy - sx * dy1) / d;
  const a = x1 - x0 + g * x1;
  const b = x3 - x0 + h * x3;
  const c = y1 - y0 + g * y1;
  const e = y3 - y0 + h * y3;
  return (u, v) => {
    const w = g * u + h * v + 1;
    return [(a * u + b * v + x0) / w, (c * u + e * v + y0) / w];
  };
}

const turn = (a: Point, b: Point, c: Point): number =>
  (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]);

/// Whether the corners go round an upright facade; the box holds them to the same law
/// (gateway/domain/camera_view).
export function goRound(corners: Corners): boolean {
  const [a, b, c, d] = corners;
  const left = [turn(a, b, c), turn(b, c, d), turn(c, d, a), turn(d, a, b)].every((one) => one <= -1);
  return left && a[1] > d[1] && b[1] > c[1] && a[0] < b[0] && d[0] < c[0];
}
