import { combinations } from '../../../renderer/catalogue/usual-options.ts';

type Value = string | number | boolean;
export type Options = Record<string, Value>;

/** What a resource's documents must be, written down from the catalogue's description and not from its code. */
export interface ExpectedDocument {
  slug: string;
  name: string;
  /** The allowed values of every option. */
  options: Record<string, readonly Value[]>;
  /** What the file name says before the paper. */
  subtitle?: (options: Options) => string;
  pages: (options: Options) => number;
  landscape?: boolean;
  /** What stands on the pages. */
  texts?: (options: Options) => readonly string[];
  /** Different random numbers, each behind the pattern, on the last so many pages. */
  numbers?: (
    options: Options,
  ) =>
    | { count: number; min: number; max: number; onPages: number; sorted?: boolean; pattern?: RegExp }
    | undefined;
}

const BOTH = [true, false];
const LEVELS = ['blank', 'easy', 'medium', 'hard'];
const has = (value: Value | undefined): string => (value === true ? 'with' : 'without');
const times = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => item(i));
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');

const CARD_TEXTS: Record<string, readonly string[]> = {
  small_numbers: ['1', '2', '3', '4', '5', '6'],
  large_numbers: times(6, () => ''),
  fractions: ['½', '⅓', '⅔', '⅜', '¾', '⅝'],
  maori_numbers: [
    ...['tahi', 'rua', 'toru', 'whā', 'rima', 'ono', 'whitu', 'waru', 'iwa', 'tekau', 'tekau mā tahi'],
    ...['tekau mā waru', 'tekau mā toru', 'tekau mā whā', 'rua tekau', 'rua tekau mā ono'],
  ],
  words: ['crocodile', 'crochet', 'kiwi', 'weka', 'kiwi', 'kiwano'],
  letters: 'LONKEDSPGBIY'.split(''),
  maori_colours: ['whero', 'kākāriki', 'kiwikiwi', 'karaka', 'kōwhai', 'pango', 'māwhero', 'mā'],
  riding_hood: times(6, () => ''),
  butterfly: times(6, () => ''),
};
const NETWORK_NUMBERS: Record<string, [min: number, max: number]> = {
  easy: [1, 9],
  medium: [10, 99],
  hard: [100, 999],
};
const MAP_NUMBERS: Record<string, [min: number, max: number]> = {
  easy: [0, 99],
  medium: [0, 999],
  hard: [0, 9999],
};
const levelOf = (levels: Record<string, [number, number]>, { prefilled_values }: Options) =>
  levels[String(prefilled_values)];

export const EXPECTED_DOCUMENTS: ExpectedDocument[] = [
  { slug: 'arrows', name: 'Arrows', options: {}, pages: () => 1 },
  {
    slug: 'barcode-checksum-poster',
    name: 'Barcode Checksum Poster',
    options: { barcode_length: [12, 13] },
    subtitle: (o) => `${o.barcode_length} digits`,
    pages: () => 1,
    texts: (o) => [`the ${o.barcode_length} digits`, 'check digit', 'Multiply', 'Add'],
  },
  {
    slug: 'binary-cards',
    name: 'Binary Cards',
    options: { display_numbers: BOTH, black_back: BOTH },
    subtitle: (o) => `${has(o.display_numbers)} numbers - ${has(o.black_back)} black back`,
    pages: (o) => (o.black_back ? 16 : 8),
    texts: (o) => (o.display_numbers ? times(8, (i) => String(2 ** i)) : []),
  },
  {
    slug: 'binary-cards-small',
    name: 'Binary Cards (small)',
    options: { number_bits: [4, 8, 12], dot_counts: BOTH, black_back: BOTH },
    subtitle: (o) =>
      `${o.number_bits} bits - ${has(o.dot_counts)} dot counts - ${has(o.black_back)} black back`,
    pages: (o) => (Number(o.number_bits) / 4) * (o.black_back ? 2 : 1),
    texts: (o) => (o.dot_counts ? times(Number(o.number_bits), (i) => String(2 ** i)) : []),
  },
  {
    slug: 'binary-to-alphabet',
    name: 'Binary to Alphabet',
    options: { worksheet_version: ['student', 'teacher'] },
    subtitle: (o) => String(o.worksheet_version),
    pages: () => 1,
    texts: (o) => [
      ...['Base 10', 'Binary', 'Letter', '26'],
      ...(o.worksheet_version === 'teacher' ? ['00001 A', '11010 Z'] : []),
    ],
  },
  {
    slug: 'binary-windows',
    name: 'Binary Windows',
    options: { number_bits: [4, 8], value_type: ['binary', 'lightbulb'], dot_counts: BOTH },
    subtitle: (o) => `${o.number_bits} bits - ${o.value_type} - ${has(o.dot_counts)} dot counts`,
    pages: (o) => Number(o.number_bits) / 2,
    landscape: true,
    texts: (o) => [
      ...(o.dot_counts ? ['8 4 2 1'] : []),
      ...(o.dot_counts && o.number_bits === 8 ? ['128 64 32 16'] : []),
      ...(o.value_type === 'binary' ? ['1 1 1 1', '0 0 0 0'] : []),
    ],
  },
  { slug: 'grid', name: 'Grid', options: {}, pages: () => 1 },
  {
    slug: 'job-badges',
    name: 'Job Badges',
    options: {},
    pages: () => 1,
    texts: () => ['Programmer', 'Tester', 'Bot'],
  },
  {
    slug: 'left-right-cards',
    name: 'Left and Right Cards',
    options: {},
    pages: () => 1,
    texts: () => ['LEFT', 'RIGHT'],
  },
  {
    slug: 'modulo-clock',
    name: 'Modulo Clock',
    options: { modulo_number: [1, 2, 10] },
    subtitle: (o) => (o.modulo_number === 1 ? 'blank' : String(o.modulo_number)),
    pages: () => 1,
    texts: (o) => (o.modulo_number === 1 ? [] : times(Number(o.modulo_number), String)),
  },
  {
    slug: 'parity-cards',
    name: 'Parity Cards',
    options: { back_colour: ['black', 'blue', 'green', 'purple', 'red'] },
    subtitle: (o) => `${o.back_colour} back`,
    pages: () => 2,
  },
  {
    slug: 'piano-keys',
    name: 'Piano Keys',
    options: { highlight: [false, 'A', 'B', 'C', 'D', 'E', 'F', 'G'] },
    subtitle: (o) => `${o.highlight === false ? 'no' : o.highlight} highlight`,
    pages: () => 1,
    texts: () => ['A', 'B', 'C', 'D', 'E', 'F', 'G'],
  },
  {
    slug: 'searching-cards',
    name: 'Searching Cards',
    options: { number_cards: [15, 31], max_number: ['cards', 99, 999, 'blank'], help_sheet: BOTH },
    subtitle(o) {
      const range =
        o.max_number === 'blank'
          ? 'blank'
          : `0 to ${o.max_number === 'cards' ? o.number_cards : o.max_number}`;
      return `${o.number_cards} cards - ${range} - ${has(o.help_sheet)} helper sheet`;
    },
    pages: (o) => (o.number_cards === 15 ? 4 : 8) + (o.help_sheet ? 1 : 0),
    texts: (o) => (o.help_sheet ? ['in order'] : []),
    numbers(o) {
      if (o.max_number === 'blank') return undefined;
      const count = Number(o.number_cards);
      const max = Number(o.max_number === 'cards' ? count : o.max_number);
      return { count, min: 1, max, onPages: count === 15 ? 4 : 8 };
    },
  },
  {
    slug: 'sorting-network',
    name: 'Sorting Network',
    options: { prefilled_values: LEVELS },
    subtitle: (o) => levelOf(NETWORK_NUMBERS, o)?.join(' to ') ?? 'blank',
    pages: () => 1,
    texts: () => ['smaller', 'larger'],
    numbers(o) {
      const [min, max] = levelOf(NETWORK_NUMBERS, o) ?? [];
      return min === undefined || max === undefined ? undefined : { count: 6, min, max, onPages: 1 };
    },
  },
  {
    slug: 'sorting-network-cards',
    name: 'Sorting Network Cards',
    options: { type: Object.keys(CARD_TEXTS) },
    subtitle: (o) => String(o.type).replaceAll('_', ' '),
    pages: (o) => (CARD_TEXTS[String(o.type)]?.length ?? NaN) / 2,
    texts: (o) => CARD_TEXTS[String(o.type)] ?? [],
    numbers: (o) =>
      o.type === 'large_numbers' ? { count: 6, min: 1_700_000, max: 2_100_000, onPages: 3 } : undefined,
  },
  {
    slug: 'train-stations',
    name: 'Train Stations',
    options: { tracks: ['circular', 'twisted'] },
    subtitle: (o) => `${o.tracks} tracks`,
    pages: () => 1,
    landscape: true,
  },
  {
    slug: 'treasure-hunt',
    name: 'Treasure Hunt',
    options: {
      prefilled_values: LEVELS,
      number_order: ['sorted', 'unsorted'],
      instructions: BOTH,
      art: ['colour', 'bw'],
    },
    subtitle(o) {
      const order = o.number_order === 'sorted' ? 'Sorted' : 'Unsorted';
      const range = levelOf(MAP_NUMBERS, o)?.join(' to ');
      const art = o.art === 'bw' ? 'black and white' : 'full colour';
      return `${range === undefined ? 'blank' : `${order} - ${range}`} - ${art} - ${has(o.instructions)} instructions`;
    },
    pages: (o) => (o.instructions ? 2 : 1),
    texts: (o) => [...ALPHABET, ...(o.instructions ? ['How to play'] : [])],
    numbers(o) {
      const [min, max] = levelOf(MAP_NUMBERS, o) ?? [];
      if (min === undefined || max === undefined) return undefined;
      return {
        count: 26,
        min,
        max,
        onPages: 1,
        sorted: o.number_order === 'sorted',
        pattern: /\b[A-Z] (\d+)\b/g,
      };
    },
  },
];

/** Every combination of a document's options. */
export function optionsOf({ options }: ExpectedDocument): Options[] {
  const properties = Object.entries(options).map(([key, values]) => [key, { enum: values }]);
  return combinations({ properties: Object.fromEntries(properties) }) as Options[];
}

/** A task for a document, as old producers write it, on A4 unless something else is given. */
export function taskOf({ slug, name }: ExpectedDocument, given: Options): Options {
  return {
    kind: 'task#render',
    resource_slug: slug,
    resource_name: name,
    resource_view: slug.replaceAll('-', '_'),
    url: 'example.org/resources',
    paper_size: 'a4',
    copies: 1,
    ...given,
  };
}
