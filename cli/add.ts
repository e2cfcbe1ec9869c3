import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import type { Catalogue } from './catalogue.ts';
import { TaskCheck } from './options.ts';
import { awaitResult } from './results.ts';
import { prepareOutput, STDOUT } from './save.ts';
import { CliError, EXIT, type Session } from './session.ts';
import { insertTask, withUsualKeys, type Payload } from './task.ts';

const CONCURRENCY = 16;
/** Faults printed at most, so that a file that is wrong throughout does not flood the screen. */
const PRINTED_FAULTS = 20;

export interface WaitingOptions {
  /** Stay until the PDFs are saved. */
  wait?: boolean;
  output: string;
  /** Seconds to wait for the results at most, from the moment that the last task was added. */
  timeout: number;
}

/**
 * Adds a task to the queue; with `wait`, stays until its PDF is saved.
 *
 * @param catalogue what the payload is checked by; without one, the renderer alone checks it
 */
export async function add(
  session: Session,
  payload: Payload,
  { wait = false, output, timeout }: WaitingOptions,
  catalogue: Catalogue | undefined,
): Promise<void> {
  (await checkOf(catalogue))(payload);
  if (wait) await prepareOutput(output);
  const id = await insertTask(session, payload);
  if (!wait) {
    session.print(session.json ? JSON.stringify({ task: id }) : id);
    return;
  }
  const deadline = Date.now() + timeout * 1000;
  if (!(await awaitResult(session, id, { output, deadline })))
    throw new CliError('The task failed.', EXIT.failed);
}

/**
 * Adds a task for each line of a file. All lines are checked first: if one is wrong, no task is added.
 *
 * @param file one JSON object a line; `-` is standard input
 * @param catalogue what tasks are checked by; without one, the renderer alone checks them
 */
export async function addFile(
  session: Session,
  file: string,
  { wait = false, output, timeout }: WaitingOptions,
  catalogue: Catalogue | undefined,
): Promise<void> {
  const payloads = await readPayloads(file, catalogue);
  if (wait && output === STDOUT)
    throw new CliError('--output is "-", which takes one PDF only; allowed: a folder.', EXIT.usage);
  if (wait) await prepareOutput(output);
  const ids: string[] = [];
  await eachWithBar('adding', payloads, async (payload) => {
    ids.push(await insertTask(session, payload));
  });
  if (!wait) {
    session.print(
      session.json
        ? JSON.stringify({ added: ids.length, tasks: ids })
        : `Added ${ids.length} task${ids.length === 1 ? '' : 's'}.`,
    );
    return;
  }
  const deadline = Date.now() + timeout * 1000;
  let failed = 0;
  await eachWithBar('rendering', ids, async (id) => {
    if (!(await awaitResult(session, id, { output, deadline }))) failed += 1;
  });
  if (failed > 0) throw new CliError(`${failed} of ${ids.length} tasks failed.`, EXIT.failed);
}

async function checkOf(catalogue: Catalogue | undefined): Promise<(payload: Payload) => void> {
  if (!catalogue) return () => undefined;
  const check = await TaskCheck.create(catalogue);
  return (payload) => {
    check.check(payload);
  };
}

async function readPayloads(file: string, catalogue: Catalogue | undefined): Promise<Payload[]> {
  const check = await checkOf(catalogue);
  const input = file === '-' ? process.stdin : createReadStream(file);
  const payloads: Payload[] = [];
  const faults: string[] = [];
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      if (line.trim() === '') continue;
      try {
        const payload = readPayload(line, catalogue);
        check(payload);
        payloads.push(payload);
      } catch (error) {
        faults.push(`line ${number}: ${(error as Error).message}`);
      }
    }
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${(error as Error).message}`, EXIT.usage);
  }
  if (faults.length > 0) {
    const more = faults.length > PRINTED_FAULTS ? [`… and ${faults.length - PRINTED_FAULTS} more`] : [];
    throw new CliError(
      [`${file}: no task was added because of`, ...faults.slice(0, PRINTED_FAULTS), ...more].join('\n  '),
      EXIT.usage,
    );
  }
  return payloads;
}

const lineSchema = z.looseObject({ resource_slug: z.string(), resource_name: z.string().optional() });

function readPayload(line: string, catalogue: Catalogue | undefined): Payload {
  const given = lineSchema.safeParse(parseJson(line));
  if (!given.success) throw new Error('is not a JSON object with a resource_slug');
  const { resource_slug: slug, resource_name: own } = given.data;
  return withUsualKeys(given.data, own ?? catalogue?.find(slug).name ?? slug);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    // The message quotes the line, which may hold control sequences for the terminal.
    const message = stripVTControlCharacters((error as Error).message).replace(/\p{Cc}/gu, '');
    throw new Error(`is not JSON: ${message}`, { cause: error });
  }
}

/** Runs `work` for each item, several at a time, with a progress bar where standard error is a terminal. */
async function eachWithBar<T>(
  title: string,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const bar = process.stderr.isTTY ? await openBar(title, items.length) : undefined;
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      await work(item);
      bar?.increment();
    }
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  } finally {
    bar?.stop();
  }
}

async function openBar(title: string, total: number) {
  // Loaded only where there is a terminal.
  const { SingleBar } = (await import('cli-progress')).default;
  const bar = new SingleBar({
    format: `${title} [{bar}] {value}/{total}  {duration_formatted}`,
    stream: process.stderr,
    hideCursor: true,
  });
  bar.start(total, 0);
  return bar;
}
