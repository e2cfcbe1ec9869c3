/** Ten resources with valid options; `payloadOf` adds the keys that every task has. */
const RESOURCES: [slug: string, options: Record<string, unknown>][] = [
  ['grid', {}],
  ['arrows', {}],
  ['binary-cards-small', { number_bits: 8, dot_counts: true, black_back: false }],
  ['sorting-network', { prefilled_values: 'easy' }],
  ['modulo-clock', { modulo_number: 10 }],
  ['parity-cards', { back_colour: 'green' }],
  ['piano-keys', { highlight: 'C' }],
  ['train-stations', { tracks: 'circular' }],
  ['binary-to-alphabet', { worksheet_version: 'teacher' }],
  ['searching-cards', { number_cards: 15, max_number: 99, help_sheet: true }],
];

/** The payload of the n-th render task: the resources in turn, every other one on Letter. */
export function payloadOf(n: number): string {
  const [slug, options] = RESOURCES[n % RESOURCES.length] ?? ['grid', {}];
  return JSON.stringify({
    kind: 'task#render',
    resource_slug: slug,
    resource_name: slug,
    resource_view: slug,
    url: `example.org/resources/${slug}`,
    paper_size: n % 2 === 0 ? 'a4' : 'letter',
    copies: 1,
    ...options,
  });
}
