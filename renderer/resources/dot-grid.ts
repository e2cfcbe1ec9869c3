import { dots } from './drawing.ts';
import { round, type Area } from './paper.ts';

/** Dots in square cells of a room: `dots` is path data in units of `cell`, which starts at (x, y) of the room. */
export interface DotGrid {
  cell: number;
  x: number;
  y: number;
  dots: string;
}

/**
 * 2 ** exponent dots in a room, centred and as large as it allows, but in cells of at most `largestCell`; all in
 * millimetres. There are as many rows as columns or twice as many, so that each count is seen to be double the last.
 */
export function dotGrid(exponent: number, room: Area, largestCell: number): DotGrid {
  const columns = 2 ** Math.floor(exponent / 2);
  const rows = 2 ** Math.ceil(exponent / 2);
  const cell = Math.min(room.width / columns, room.height / rows, largestCell);
  return {
    cell: round(cell),
    x: round((room.width - columns * cell) / 2),
    y: round((room.height - rows * cell) / 2),
    dots: dots(
      Array.from({ length: rows * columns }, (_, index) => {
        return [(index % columns) + 0.5, Math.floor(index / columns) + 0.5] as const;
      }),
    ),
  };
}
