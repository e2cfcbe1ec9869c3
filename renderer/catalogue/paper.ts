/** A rectangle in millimetres. */
export interface Area {
  width: number;
  height: number;
}

/** Where things stand on a page, in millimetres. `area` is what a resource draws in. */
export interface Layout extends Area {
  area: Area;
}

export type PaperSize = 'a4' | 'letter';

/** `frame` is what header space, footer and margins take off the height: 267 mm remain of A4, 249 mm of US Letter. */
const PAPER = {
  a4: { width: 210, height: 297, frame: 30 },
  letter: { width: 215.9, height: 279.4, frame: 30.4 },
};
const SIDE_MARGIN = 10;
const HEADER_HEIGHT = 12;

/** The layout of every page of a document; header text takes its room off the top of the drawing area. */
export function layout(
  paper: PaperSize,
  { landscape, header }: { landscape: boolean; header: boolean },
): Layout {
  const { frame, ...portrait } = PAPER[paper];
  const [width, height] = landscape ? [portrait.height, portrait.width] : [portrait.width, portrait.height];
  return {
    width,
    height,
    area: {
      width: round(width - 2 * SIDE_MARGIN),
      height: round(height - frame - (header ? HEADER_HEIGHT : 0)),
    },
  };
}

/** Lengths are multiples of a micrometre, so that no rounding noise gets into documents. */
export function round(millimetres: number): number {
  return Math.round(millimetres * 1000) / 1000;
}
