/**
 * Copies what entry points need to run, and nothing else, into a folder: `node tools/trace.ts OUT VERSION ENTRY…`. The image
 * build calls it, so that an image holds neither the other services nor their libraries. The copied manifest has the image's
 * version, which the service then reports.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { nodeFileTrace } from '@vercel/nft';

/**
 * What an image does not load: it has Debian's browser instead of the bundled one, and the client in the queue's image has
 * no browser to preview with.
 */
const LEFT_OUT = ['node_modules/@sparticuz/**', 'dist/cli/preview.js'];

const [out, version, ...entries] = process.argv.slice(2);
if (out === undefined || version === undefined || entries.length === 0) {
  throw new Error('Usage: node tools/trace.ts OUT VERSION ENTRY…');
}

const { fileList, warnings } = await nodeFileTrace(entries, { ignore: LEFT_OUT });
for (const warning of warnings) process.stderr.write(`${warning.message}\n`);
for (const file of fileList) {
  const target = join(out, file.startsWith('dist/') ? relative('dist', file) : file);
  await mkdir(dirname(target), { recursive: true });
  await cp(file, target);
}
const { name, type } = JSON.parse(await readFile('package.json', 'utf8')) as { name: string; type: string };
await writeFile(join(out, 'package.json'), JSON.stringify({ name, version, type, private: true }));
process.stdout.write(`${entries.join(', ')}: ${fileList.size} files\n`);
