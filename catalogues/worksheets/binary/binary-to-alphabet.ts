import { z } from 'zod';
import { choice } from '../../../renderer/catalogue/options.ts';
import { round, type Area } from '../../../renderer/catalogue/paper.ts';
import { defineResource } from '../../../renderer/catalogue/resource.ts';

const GROUPS = 3;
const ROWS = 9;
const BITS = 5;
/** Widths and heights in millimetres: the instruction above the table, its heads, the space between groups of columns. */
const INSTRUCTION_HEIGHT = 10;
const HEAD_HEIGHT = 17;
const GAP = 4;
/** Width of the column of numbers, and of the column of letters. */
const SIDE_COLUMN = 13.6;
/** Space on both sides of a binary number. */
const PADDING = 2.2;
/** How wide a digit of Renderfleet Sans is, in ems: numbers are set so that each digit stands under its place value. */
const DIGIT_WIDTH = 0.5859;
/** The part of a bit's width that its writing line takes. */
const WRITING_LINE = 0.7;

export const binaryToAlphabet = defineResource({
  name: 'Binary to Alphabet',
  description: 'The numbers 0 to 26 in binary and the letters they stand for, to fill in or filled in.',
  options: z.object({ worksheet_version: choice('student', 'teacher') }),
  subtitle: ({ worksheet_version }, paper) => `${worksheet_version} - ${paper}`,
  pages: ({ options: { worksheet_version }, area }) => [draw(area, worksheet_version === 'teacher')],
});

function draw(area: Area, solved: boolean) {
  const width = round((area.width - (GROUPS - 1) * GAP) / GROUPS);
  const bit = (width - 2 * (SIDE_COLUMN + PADDING)) / BITS;
  const rowHeight = (area.height - INSTRUCTION_HEIGHT - HEAD_HEIGHT) / ROWS;
  const bits = Array.from({ length: BITS }, (_, index) => ({
    middle: round(SIDE_COLUMN + PADDING + (index + 0.5) * bit),
    value: 2 ** (BITS - 1 - index),
  }));
  const rows = Array.from({ length: ROWS }, (_, row) => round(HEAD_HEIGHT + row * rowHeight));
  return {
    top: INSTRUCTION_HEIGHT,
    width,
    height: round(HEAD_HEIGHT + ROWS * rowHeight),
    headHeight: HEAD_HEIGHT,
    sideColumn: SIDE_COLUMN,
    digitSize: round(bit / DIGIT_WIDTH),
    bits,
    writingLines: solved ? '' : rows.map((row) => writingLines(bits, bit, row + 0.75 * rowHeight)).join(''),
    rowLines: rows.map((row) => `M0 ${row}h${width}`).join(''),
    groups: Array.from({ length: GROUPS }, (_, group) => ({
      left: round(group * (width + GAP)),
      rows: rows.map((row, index) => {
        const number = group * ROWS + index;
        const answer = solved ? { binary: toBinary(number), letter: toLetter(number) } : undefined;
        return { middle: round(row + rowHeight / 2), number, answer };
      }),
    })),
  };
}

function writingLines(bits: { middle: number }[], bit: number, y: number): string {
  const length = round(WRITING_LINE * bit);
  return bits.map(({ middle }) => `M${round(middle - length / 2)} ${round(y)}h${length}`).join('');
}

function toBinary(number: number): string {
  return number.toString(2).padStart(BITS, '0');
}

/** The letter at a place of the alphabet, counted from 1; 0 is no letter. */
function toLetter(number: number): string {
  return number === 0 ? '' : String.fromCharCode('A'.charCodeAt(0) + number - 1);
}
