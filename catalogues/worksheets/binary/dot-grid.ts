import { dots } from '../../../renderer/catalogue/drawing.ts';
import { round, type Area } from '../../../renderer/catalogue/paper.ts';

/** Largest part of a grid that is drawn as one path. Repetitions of it compress to a few bytes; further dots would not. */
const BLOCK = { columns: 8, rows: 16 };

/**
 * Dots in square cells of a room, in identical blocks: `dots` is path data in units of `cell`, and `blocks` are the places in
 * the room where it is drawn.
 */
export interface DotGrid {
  cell: number;
  dots: string;
  blocks: { x: number; y: number }[];
}

/**
 * 2 ** exponent dots in a room, centred and as large as the room allows, in cells of at most `largestCell`; all in
 * millimetres. There are as many rows as columns or twice as many, which shows that each count is double the last.
 */
export function dotGrid(exponent: number, room: Area, largestCell: number): DotGrid {
  const columns = 2 ** Math.floor(exponent / 2);
  const rows = 2 ** Math.ceil(exponent / 2);
  const cell = Math.min(room.width / columns, room.height / rows, largestCell);
  const block = { columns: Math.min(columns, BLOCK.columns), rows: Math.min(rows, BLOCK.rows) };
  const left = (room.width - columns * cell) / 2;
  const top = (room.height - rows * cell) / 2;
  return {
    cell: round(cell),
    dots: dots(places(block.columns, block.rows).map(([x, y]) => [x + 0.5, y + 0.5])),
    blocks: places(columns / block.columns, rows / block.rows).map(([x, y]) => ({
      x: round(left + x * block.columns * cell),
      y: round(top + y * block.rows * cell),
    })),
  };
}

/** Column and row of each place of a grid. */
function places(columns: number, rows: number): (readonly [number, number])[] {
  return Array.from({ length: columns * rows }, (_, index) => [index % columns, Math.floor(index / columns)]);
}
