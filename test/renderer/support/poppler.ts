import { execFileSync } from 'node:child_process';

/** What poppler reports about a PDF. */
export interface PdfFacts {
  pages: number;
  /** Of the first page, in points. */
  width: number;
  height: number;
  title: string;
  tagged: boolean;
}

export function factsOf(pdf: Buffer): PdfFacts {
  const info = execFileSync('pdfinfo', ['-'], { input: pdf, encoding: 'utf8' });
  const line = (name: string) => new RegExp(`^${name}: +(.*)$`, 'm').exec(info)?.[1] ?? '';
  const [width = NaN, height = NaN] = (line('Page size').match(/[\d.]+/g) ?? []).map(Number);
  return {
    pages: Number(line('Pages')),
    width,
    height,
    title: line('Title'),
    tagged: line('Tagged') === 'yes',
  };
}

/** The text of each page, with white space collapsed. */
export function textOfPages(pdf: Buffer): string[] {
  const text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' });
  return text
    .split('\f')
    .slice(0, -1)
    .map((page) => page.replaceAll(/\s+/g, ' ').trim());
}
