import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FONT_FILE = /\.(ttf|otf|ttc|otc)$/i;

/**
 * Writes a fontconfig file that lists only the fonts of the static directories' `fonts` folders, so that a document looks
 * the same on every machine. Resolves to its path, or to undefined when these folders hold no fonts: a browser without any
 * font cannot draw text, so it must use the machine's.
 */
export async function writeFontConfiguration(
  staticDirectories: readonly string[],
  folder: string,
): Promise<string | undefined> {
  const fontFolders: string[] = [];
  for (const directory of staticDirectories) {
    const fonts = join(directory, 'fonts');
    if (await holdsFonts(fonts)) fontFolders.push(fonts);
  }
  if (fontFolders.length === 0) return undefined;
  const cache = join(folder, 'font-cache');
  await mkdir(cache, { recursive: true });
  const path = join(folder, 'fonts.conf');
  await writeFile(path, fontConfiguration(fontFolders, cache));
  return path;
}

/** The text of such a file, in the format of fonts-conf(5). */
function fontConfiguration(fontFolders: readonly string[], cacheFolder: string): string {
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    ...fontFolders.map((folder) => `  <dir>${escapeXml(folder)}</dir>`),
    `  <cachedir>${escapeXml(cacheFolder)}</cachedir>`,
    '</fontconfig>',
    '',
  ].join('\n');
}

async function holdsFonts(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder, { recursive: true })).some((name) => FONT_FILE.test(name));
  } catch {
    return false;
  }
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
