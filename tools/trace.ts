/**
 * Copies what one entry point needs to run, and nothing else, into a folder: `node tools/trace.ts dist/queue/main.js OUT VERSION`.
 * The image build calls it, so that an image holds neither the other services nor their libraries. The
 * manifest that goes along bears the image's version, which the service then tells.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { nodeFileTrace } from '@vercel/nft';

/** Libraries that an image never loads: it brings Debian's browser instead of the bundled one. */
const LEFT_OUT = ['node_modules/@sparticuz/**'];

const [entry, out, version] = process.argv.slice(2);
if (entry === undefined || out === undefined || version === undefined) {
  throw new Error('Usage: node tools/trace.ts ENTRY OUT VERSION');
}

const { fileList, warnings } = await nodeFileTrace([entry], { ignore: LEFT_OUT });
for (const warning of warnings) process.stderr.write(`${warning.message}\n`);
for (const file of fileList) {
  const target = join(out, file.startsWith('dist/') ? relative('dist', file) : file);
  await mkdir(dirname(target), { recursive: true });
  await cp(file, target);
}
const { name, type } = JSON.parse(await readFile('package.json', 'utf8')) as { name: string; type: string };
await writeFile(join(out, 'package.json'), JSON.stringify({ name, version, type, private: true }));
process.stdout.write(`${entry}: ${fileList.size} files\n`);
