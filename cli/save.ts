import { access, constants, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Task } from '../queue/wire/contract.ts';
import { makeFolder } from '../service/make-folder.ts';
import { readResult } from './result.ts';
import { CliError, EXIT } from './session.ts';

/** How long the download of a large document may take, in milliseconds. */
const DOWNLOAD_TIMEOUT_MS = 60_000;

/** What became of a result: where the PDF was saved, or why there is none. */
export type Saved = { path: string; bytes: number } | { error: string };

/**
 * Saves the PDF that a result task carries or links to. No file is ever overwritten: the name of the new one gets a number.
 * Rejects when the document cannot be downloaded or written.
 *
 * @param output a folder, made when missing, or the name of a file that ends in `.pdf`
 */
export async function saveResult(task: Task, output: string, signal: AbortSignal): Promise<Saved> {
  const result = readResult(task);
  if (result.kind === 'failure') return { error: result.error };
  const pdf = result.kind === 'document' ? result.pdf : await download(result.url, signal);
  const name =
    result.kind === 'document' ? result.filename : decodeURIComponent(basename(result.url.pathname));
  return { path: await writePdf(output, name, pdf), bytes: pdf.length };
}

/**
 * Writes a PDF under a name that is not taken yet, and resolves to its path.
 *
 * @param output a folder, made when missing, or the name of a file that ends in `.pdf`
 * @param name the file's name when `output` is a folder
 */
export async function writePdf(output: string, name: string, pdf: Uint8Array): Promise<string> {
  const wanted = isPdfFile(output) ? output : join(output, basename(name));
  makeFolder(dirname(wanted));
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? wanted : numbered(wanted, number);
    try {
      await writeFile(path, pdf, { flag: 'wx' });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * Makes the folder that PDFs are to go to, before anything is done for them. Throws CliError when it cannot be written to.
 *
 * @param output a folder, or the name of a file that ends in `.pdf`
 */
export async function prepareOutput(output: string): Promise<void> {
  const folder = isPdfFile(output) ? dirname(output) : output;
  try {
    makeFolder(folder);
    if (!(await stat(folder)).isDirectory()) throw new Error('it is no folder');
    await access(folder, constants.W_OK);
  } catch (error) {
    const why = (error as Error).message;
    throw new CliError(
      `--output is ${JSON.stringify(output)}, which cannot be written to: ${why}`,
      EXIT.usage,
    );
  }
}

function isPdfFile(output: string): boolean {
  return extname(output).toLowerCase() === '.pdf';
}

function numbered(path: string, number: number): string {
  const ending = extname(path);
  return `${path.slice(0, path.length - ending.length)} ${number}${ending}`;
}

async function download(url: URL, signal: AbortSignal): Promise<Buffer> {
  if (url.protocol === 'file:') return readFile(fileURLToPath(url));
  const response = await fetch(url, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]),
  });
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}.`);
  return Buffer.from(await response.arrayBuffer());
}
