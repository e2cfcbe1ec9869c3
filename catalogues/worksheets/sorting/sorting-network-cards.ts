import { z } from 'zod';
import { choice } from '../../../renderer/catalogue/options.ts';
import { round } from '../../../renderer/catalogue/paper.ts';
import type { Random } from '../../../renderer/catalogue/random.ts';
import { defineResource, type Page } from '../../../renderer/catalogue/resource.ts';

const CARDS_PER_PAGE = 2;
const LARGE_NUMBERS = { count: 6, min: 1_700_000, max: 2_100_000 };

const options = z.object({
  type: choice(
    ...(['small_numbers', 'large_numbers', 'fractions', 'maori_numbers', 'words', 'letters'] as const),
    ...(['maori_colours', 'riding_hood', 'butterfly'] as const),
  ),
});

/** Cards in the order of printing, which is never a sorted one. */
type Cards =
  | {
      /** Height of an em in millimetres, as large as the longest text of the type allows. */
      fontSize: number;
      texts: string[] | ((random: Random) => string[]);
      /** BCP 47 tag of the texts' language; English by default. */
      language?: string;
    }
  | { pictures: [art: string, description: string][] };

const CARDS: Record<z.output<typeof options>['type'], Cards> = {
  small_numbers: { fontSize: 110, texts: ['4', '1', '6', '3', '5', '2'] },
  large_numbers: { fontSize: 34, texts: largeNumbers },
  fractions: { fontSize: 92, texts: ['½', '⅓', '⅔', '⅜', '¾', '⅝'] },
  maori_numbers: {
    fontSize: 21,
    language: 'mi',
    texts: [
      ...['rima', 'tekau mā toru', 'rua', 'tekau', 'rua tekau mā ono', 'whā', 'waru', 'tahi'],
      ...['tekau mā whā', 'iwa', 'toru', 'rua tekau', 'whitu', 'tekau mā tahi', 'ono', 'tekau mā waru'],
    ],
  },
  words: { fontSize: 36, texts: ['crocodile', 'crochet', 'kiwi', 'weka', 'kiwi', 'kiwano'] },
  letters: { fontSize: 110, texts: ['L', 'O', 'N', 'K', 'E', 'D', 'S', 'P', 'G', 'B', 'I', 'Y'] },
  maori_colours: {
    fontSize: 40,
    language: 'mi',
    texts: ['whero', 'kākāriki', 'kiwikiwi', 'karaka', 'kōwhai', 'pango', 'māwhero', 'mā'],
  },
  riding_hood: {
    pictures: [
      ['riding-hood-door', 'The wolf knocks at Grandmother’s door.'],
      ['riding-hood-basket', 'Mother gives Little Red Riding Hood a basket.'],
      ['riding-hood-rescue', 'The woodcutter has driven the wolf away.'],
      ['riding-hood-wolf', 'Little Red Riding Hood meets the wolf.'],
      ['riding-hood-teeth', 'The wolf lies in Grandmother’s bed and shows its teeth.'],
      ['riding-hood-wood', 'Little Red Riding Hood walks into the wood.'],
    ],
  },
  butterfly: {
    pictures: [
      ['butterfly-young-pupa', 'A young pupa'],
      ['butterfly-leaf', 'A leaf with an egg'],
      ['butterfly-caterpillar', 'A caterpillar'],
      ['butterfly-butterfly', 'A butterfly'],
      ['butterfly-young-caterpillar', 'A young caterpillar'],
      ['butterfly-mature-pupa', 'A mature pupa'],
    ],
  },
};

export const sortingNetworkCards = defineResource({
  name: 'Sorting Network Cards',
  description:
    'Cards for a sorting network drawn on the ground: what pupils carry and compare, two cards on a page.',
  example: { type: 'riding_hood' },
  options,
  subtitle: ({ type }, paper) => `${type.replaceAll('_', ' ')} - ${paper}`,
  pages({ options: { type }, random, area }) {
    const height = round(area.height / CARDS_PER_PAGE);
    const cards = contents(CARDS[type], random);
    return Array.from({ length: cards.length / CARDS_PER_PAGE }, (_, page) => ({
      height,
      pictures: 'pictures' in CARDS[type],
      cards: cards
        .slice(page * CARDS_PER_PAGE, (page + 1) * CARDS_PER_PAGE)
        .map((card, place) => ({ ...card, top: place * height })),
    }));
  },
});

function contents(cards: Cards, random: Random): Page[] {
  if ('pictures' in cards) return cards.pictures.map(([art, description]) => ({ art, description }));
  const { fontSize, texts, language = 'en' } = cards;
  return (typeof texts === 'function' ? texts(random) : texts).map((text) => ({ text, fontSize, language }));
}

/** Six random numbers of seven digits, never in rising or falling order. */
function largeNumbers(random: Random): string[] {
  const { count, min, max } = LARGE_NUMBERS;
  const numbers = random.distinct(count, min, max);
  const steps = numbers.slice(1).map((number, index) => Math.sign(number - (numbers[index] ?? 0)));
  const sorted = new Set(steps).size === 1;
  const [first = 0, ...others] = numbers;
  return (sorted ? [...others, first] : numbers).map((number) => number.toLocaleString('en'));
}
