/** A rectangle in millimetres. */
export interface Area {
  width: number;
  height: number;
}

/** The size of a page and, within it, of the area in which a resource draws; in millimetres. */
export interface Layout extends Area {
  area: Area;
}

export type PaperSize = 'a4' | 'letter';

/** `frame` is the height of margins and footer: they leave 267 mm of A4 and 249 mm of US Letter. */
const PAPER = {
  a4: { width: 210, height: 297, frame: 30 },
  letter: { width: 215.9, height: 279.4, frame: 30.4 },
};
const SIDE_MARGIN = 10;
const HEADER_HEIGHT = 12;

/** The layout of every page of a document; header text takes its space from the top of the drawing area. */
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

/** Rounds a length to micrometres, which keeps rounding noise out of documents. */
export function round(millimetres: number): number {
  return Math.round(millimetres * 1000) / 1000;
}
