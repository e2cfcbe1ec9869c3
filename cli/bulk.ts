import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { SingleBar } from 'cli-progress';
import { z } from 'zod';
import type { Sources } from '../renderer/compose/render-task.ts';
import { insertTask } from './insert.ts';
import { checkOrder, resourceOf, withUsualKeys, type Payload } from './order.ts';
import { prepareOutput } from './save.ts';
import { CliError, EXIT, type Session } from './session.ts';
import { awaitResult } from './wait.ts';

const CONCURRENCY = 16;
/** Faults named at most, so that a file that is wrong altogether does not flood the screen. */
const NAMED_FAULTS = 20;

export interface BulkOptions {
  /** A file of one JSON object a line; `-` is standard input. */
  file: string;
  wait?: boolean;
  output: string;
  /** Seconds to wait for all results at most, after the last task went in. */
  timeout: number;
}

/** Puts a task into the queue for each line of a file. Every line is checked first: if one is wrong, none goes in. */
export async function addFile(session: Session, options: BulkOptions, sources: Sources): Promise<void> {
  const payloads = await readOrders(options.file, sources);
  if (options.wait) await prepareOutput(options.output);
  const ids: string[] = [];
  await eachWithBar('adding', payloads, async (payload) => {
    ids.push(await insertTask(session, payload));
  });
  if (!options.wait) {
    session.print(
      session.json ? JSON.stringify({ added: ids.length, tasks: ids }) : `Added ${ids.length} tasks.`,
    );
    return;
  }
  const deadline = Date.now() + options.timeout * 1000;
  let failed = 0;
  await eachWithBar('rendering', ids, async (id) => {
    if (!(await awaitResult(session, id, { output: options.output, deadline }))) failed += 1;
  });
  if (failed > 0) throw new CliError(`${failed} of ${ids.length} tasks failed.`, EXIT.failed);
}

async function readOrders(file: string, sources: Sources): Promise<Payload[]> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  const payloads: Payload[] = [];
  const faults: string[] = [];
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      if (line.trim() === '') continue;
      try {
        payloads.push(await readOrder(line, sources));
      } catch (error) {
        faults.push(`line ${number}: ${(error as Error).message}`);
      }
    }
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${(error as Error).message}`, EXIT.usage);
  }
  if (faults.length > 0) {
    const more = faults.length > NAMED_FAULTS ? [`… and ${faults.length - NAMED_FAULTS} more`] : [];
    throw new CliError(
      [`${file}: nothing was added, because of`, ...faults.slice(0, NAMED_FAULTS), ...more].join('\n  '),
      EXIT.usage,
    );
  }
  return payloads;
}

const orderSchema = z.looseObject({ resource_slug: z.string() });

async function readOrder(line: string, sources: Sources): Promise<Payload> {
  const given = orderSchema.safeParse(parseJson(line));
  if (!given.success) throw new Error('is no JSON object with a resource_slug');
  const resource = await resourceOf(given.data.resource_slug, sources);
  const payload = withUsualKeys(given.data, resource.name);
  await checkOrder(payload, sources);
  return payload;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    // The message quotes the line, which may hold anything that a terminal would take for a command.
    throw new Error(
      `is no JSON: ${stripVTControlCharacters((error as Error).message).replace(/\p{Cc}/gu, '')}`,
      {
        cause: error,
      },
    );
  }
}

/** Does a piece of work for each item, several at a time, with a progress bar on a terminal. */
async function eachWithBar<T>(title: string, items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const bar = new SingleBar({
    format: `${title} [{bar}] {value}/{total}  {duration_formatted}`,
    stream: process.stderr,
    hideCursor: true,
  });
  if (process.stderr.isTTY) bar.start(items.length, 0);
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      await work(item);
      bar.increment();
    }
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  } finally {
    bar.stop();
  }
}
