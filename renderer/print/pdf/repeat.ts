import { reference, withEntry, type PdfObjects } from './objects.ts';

/**
 * Repeats the pages of a PDF so that they appear `times` in all, by copying the page tree. The copies share content, fonts
 * and pictures. In a tagged PDF the structure tree describes the first copy only.
 */
export function repeatPages(file: PdfObjects, times: number): void {
  if (times === 1) return;
  const { values, root } = file;
  const catalog = dictionary(values, root);
  const tree = reference(catalog, 'Pages') ?? NaN;
  const count = Number(/\/Count\s+(\d+)/.exec(dictionary(values, tree))?.[1]);
  const top = file.size++;

  const copy = (original: number, parent: number): number => {
    const number = file.size++;
    const kids = (text: string) =>
      text.replace(/(\d+)\s+\d+\s+R/g, (_, kid) => `${copy(Number(kid), number)} 0 R`);
    const node = dictionary(values, original).replace(/\/Kids\s*\[[^\]]*\]/, kids);
    values.set(number, withParent(node, parent));
    return number;
  };
  const copies = Array.from({ length: times - 1 }, () => copy(tree, top));
  values.set(tree, withParent(dictionary(values, tree), top));
  const all = [tree, ...copies].map((number) => `${number} 0 R`).join(' ');
  values.set(top, `<</Type /Pages /Count ${count * times} /Kids [${all}]>>`);
  values.set(root, catalog.replace(/\/Pages\s+\d+/, `/Pages ${top}`));
}

function withParent(node: string, parent: number): string {
  return withEntry(node.replace(/\/Parent\s+\d+\s+\d+\s+R/, ''), 'Parent', `${parent} 0 R`);
}

function dictionary(values: PdfObjects['values'], number: number): string {
  const value = values.get(number);
  if (typeof value !== 'string') throw new Error('The PDF has no page tree.');
  return value;
}
