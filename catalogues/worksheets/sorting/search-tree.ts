import { round, type Area } from '../../../renderer/catalogue/paper.ts';

const COLUMNS = ['first card', 'second card', 'third card', 'fourth card', 'fifth card'];
/** Room for title, explanation and names of columns above the tree, in millimetres. */
const HEADING_HEIGHT = 42;
/**
 * Largest size of a number's box, and its part of a row's height and of a column's width. It may be higher than a row, because
 * boxes in adjacent rows are in different columns.
 */
const BOX = { height: 10, ofRow: 1.2, width: 26, ofColumn: 0.64 };

/**
 * A binary search through `count` cards (one less than a power of two) as a tree on its side: a row for each card in order, a
 * column for each card that is turned, and lines from a card to the two that may come next. `sorted` are the numbers of the
 * cards, or none.
 */
export function searchTree(sorted: readonly number[], count: number, area: Area) {
  const levels = Math.log2(count + 1);
  const column = area.width / levels;
  const pitch = (area.height - HEADING_HEIGHT) / (count - 1 + BOX.ofRow);
  const boxHeight = round(Math.min(BOX.ofRow * pitch, BOX.height));
  const boxWidth = round(Math.min(BOX.ofColumn * column, BOX.width));
  const x = (level: number): number => round((level + 0.5) * column);
  const y = (index: number): number => round(HEADING_HEIGHT + (index + BOX.ofRow / 2) * pitch);

  const places = Array.from({ length: count }, (_, index) => {
    const level = levels - 1 - trailingZeros(index + 1);
    return { index, level, x: x(level), y: y(index) };
  });
  const branches = places
    .filter(({ level }) => level < levels - 1)
    .map(({ index, level, ...from }) => {
      const step = 2 ** (levels - 2 - level);
      return `M${x(level + 1)} ${y(index - step)}H${from.x}V${y(index + step)}H${x(level + 1)}`;
    });
  const straight = round(boxWidth - boxHeight);
  return {
    columns: COLUMNS.slice(0, levels).map((name, level) => ({ name, x: x(level) })),
    branches: branches.join(''),
    boxHeight,
    boxes: places.map((place) => `M${round(place.x - straight / 2)} ${place.y}h${straight}`).join(''),
    size: round(0.62 * boxHeight),
    numbers: sorted.map((number, index) => ({ number, x: places[index]?.x, y: places[index]?.y })),
  };
}

function trailingZeros(value: number): number {
  return Math.log2(value & -value);
}
