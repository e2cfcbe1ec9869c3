/**
 * Prints a resource for inspection: `node test/harness/preview.ts SLUG [KEY=VALUE …] [--all] [--out FOLDER] [--dpi N]`.
 * Keys are those of a task (`paper_size=letter header_text='Room 7' number_bits=8`); missing options get their first value.
 * `--all` prints every combination of the options that are not given. Each PDF comes with a PNG of every page.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { combinations } from '../../renderer/catalogue/usual-options.ts';
import { openTaskPrinter } from './printer.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: join(tmpdir(), 'preview') },
    dpi: { type: 'string', default: '60' },
    all: { type: 'boolean', default: false },
  },
});
const [slug = 'grid', ...pairs] = positionals;
const given = Object.fromEntries(
  pairs.map((pair) => [pair.replace(/=.*/s, ''), pair.replace(/^[^=]*=/, '')]),
);

const printer = await openTaskPrinter();
try {
  const resource = (await printer.catalogue.find(slug))?.resource;
  await mkdir(flags.out, { recursive: true });
  const chosen = resource ? combinations(resource.optionsSchema, given) : [given];
  for (const options of flags.all ? chosen : chosen.slice(0, 1)) {
    const { filename, pdf } = await printer.print({
      kind: 'task#render',
      resource_slug: slug,
      resource_name: resource?.name ?? slug,
      resource_view: slug,
      url: `example.org/resources/${slug}`,
      paper_size: 'a4',
      copies: 1,
      ...options,
    });
    const path = join(flags.out, filename);
    await writeFile(path, pdf);
    execFileSync('pdftoppm', ['-r', flags.dpi, '-png', path, path.replace(/\.pdf$/, '')]);
    process.stdout.write(`${path}  ${(pdf.length / 1024).toFixed(1)} KiB\n`);
  }
} finally {
  await printer.close();
}
