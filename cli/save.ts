import { access, constants, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Task } from '../queue/wire/contract.ts';
import { resultSchema } from '../queue/wire/render.ts';
import { makeFolder } from '../service/make-folder.ts';
import { CliError, EXIT, whyFetchFailed } from './session.ts';

/** How long the download of a large document may take, in milliseconds. */
const DOWNLOAD_TIMEOUT_MS = 60_000;

/** The output that stands for standard output. */
export const STDOUT = '-';

/** What a result carries: a document, a link to one, or why there is none. */
export type Result =
  | { kind: 'document'; filename: string; pdf: Buffer }
  | { kind: 'link'; url: URL }
  | { kind: 'failure'; error: string };

/** Reads a result's payload; a payload that is not a result is a failure that says so. */
export function readResult(task: Pick<Task, 'payloadBase64'>): Result {
  const parsed = resultSchema.safeParse(parseJson(Buffer.from(task.payloadBase64, 'base64').toString()));
  if (!parsed.success) return { kind: 'failure', error: 'The task is not a result.' };
  const result = parsed.data;
  if (!result.success)
    return { kind: 'failure', error: result.error ?? 'The task failed; no reason was given.' };
  if (result.kind === 'result#link') return { kind: 'link', url: new URL(result.url) };
  return { kind: 'document', filename: result.filename, pdf: Buffer.from(result.document, 'base64') };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where the PDF of a result was saved, or why there is none. */
export type Saved = { path: string; bytes: number } | { error: string };

/**
 * Saves the PDF that a result carries or links to, never over another file.
 *
 * @param output a folder, created when missing, the name of a file that ends in `.pdf`, or `-` for standard output
 * @throws Error when the document cannot be downloaded or written
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
 * Writes a PDF and resolves to its path. When the name is taken, the new file's name gets a number.
 *
 * @param output a folder, created when missing, the name of a file that ends in `.pdf`, or `-` for standard output
 * @param name the file's name when `output` is a folder
 */
export async function writePdf(output: string, name: string, pdf: Uint8Array): Promise<string> {
  if (output === STDOUT) {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(pdf, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    return STDOUT;
  }
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
 * Creates the folder for PDFs before anything else is done.
 *
 * @param output as for `saveResult`
 * @throws CliError when it cannot be written to
 */
export async function prepareOutput(output: string): Promise<void> {
  try {
    if (output === STDOUT) {
      if (process.stdout.isTTY) throw new Error('standard output is a terminal');
      return;
    }
    const folder = isPdfFile(output) ? dirname(output) : output;
    makeFolder(folder);
    if (!(await stat(folder)).isDirectory()) throw new Error('it is not a folder');
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
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]),
    });
    if (!response.ok) throw new Error(`the answer is ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    signal.throwIfAborted();
    // Without the query, which may be a signature that grants access.
    const where = url.origin + url.pathname;
    throw new Error(`${where} cannot be downloaded: ${whyFetchFailed(error)}.`, { cause: error });
  }
}
