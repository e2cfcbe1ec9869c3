import { round } from './paper.ts';

// The control points of the cubic curve closest to a quarter circle are this part of the radius away from its ends.
const KAPPA = 0.5523;

/** SVG path data of a circle around (x, y) made of four curves. Chromium writes dozens for an SVG `<circle>` or arc. */
export function circle(x: number, y: number, radius: number): string {
  return roundedBox(x - radius, y - radius, 2 * radius, 2 * radius, radius);
}

/** SVG path data of a rectangle with rounded corners whose upper left corner is (x, y); small in a PDF, like `circle`. */
export function roundedBox(x: number, y: number, width: number, height: number, radius: number): string {
  const far = round(radius);
  const near = round(radius * (1 - KAPPA));
  const [across, down] = [round(width - 2 * radius), round(height - 2 * radius)];
  return (
    `M${round(x + radius)} ${round(y)}h${across}` +
    `c${round(far - near)} 0 ${far} ${near} ${far} ${far}v${down}` +
    `c0 ${round(far - near)} ${-near} ${far} ${-far} ${far}h${-across}` +
    `c${round(near - far)} 0 ${-far} ${-near} ${-far} ${-far}v${-down}` +
    `c0 ${round(near - far)} ${near} ${-far} ${far} ${-far}z`
  );
}

/** SVG path data of dots, for a stroke of their width with `stroke-linecap="round"`: a few bytes for each dot in a PDF. */
export function dots(centres: readonly (readonly [x: number, y: number])[]): string {
  return centres.map(([x, y]) => `M${round(x)} ${round(y)}h.01`).join('');
}
