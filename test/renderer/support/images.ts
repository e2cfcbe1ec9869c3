import { execFileSync } from 'node:child_process';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

const DOTS_PER_INCH = '48';
/** Difference of shades, from 0 to 1, that the anti-aliasing of different rasterizers does not exceed. */
const THRESHOLD = 0.3;
/** Shades are reduced to eight, which keeps pictures small; neighbouring ones do not count as different. */
const KEPT = Array.from({ length: 256 }, (_, shade) => Math.round((Math.round((shade * 7) / 255) * 255) / 7));

/** A greyscale picture, one byte for each pixel. */
export interface Picture {
  width: number;
  height: number;
  shades: Uint8Array;
}

/** A page of a PDF as a small picture. */
export function pictureOf(pdf: Buffer, page: number): Picture {
  const which = ['-f', String(page), '-l', String(page), '-r', DOTS_PER_INCH];
  const image = execFileSync('pdftoppm', ['-gray', ...which, '-'], { input: pdf });
  // A portable graymap: its kind, width, height and brightest shade in text, then the pixels.
  const [header = '', width, height] =
    /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(image.toString('latin1', 0, 40)) ?? [];
  const shades = image.subarray(header.length).map((shade) => KEPT[shade] ?? shade);
  return { width: Number(width), height: Number(height), shades };
}

export function toPng({ width, height, shades }: Picture): Buffer {
  const image = new PNG({ width, height, inputColorType: 0, colorType: 0 });
  image.data = Buffer.from(shades);
  return PNG.sync.write(image, { inputColorType: 0, colorType: 0, deflateLevel: 9, filterType: 0 });
}

export function fromPng(png: Buffer): Picture {
  const { width, height, data } = PNG.sync.read(png);
  return { width, height, shades: new Uint8Array(width * height).map((_, pixel) => data[4 * pixel] ?? 0) };
}

/** How many pixels of two pictures differ by more than anti-aliasing. */
export function differences(a: Picture, b: Picture): number {
  const { width, height } = a;
  if (b.width !== width || b.height !== height) return Infinity;
  return pixelmatch(coloured(a), coloured(b), undefined, width, height, { threshold: THRESHOLD });
}

function coloured({ shades }: Picture): Uint8Array {
  const pixels = Uint32Array.from(shades, (shade) => 0xff000000 + shade * 0x010101);
  return new Uint8Array(pixels.buffer);
}
