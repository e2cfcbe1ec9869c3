import { setTimeout as delay } from 'node:timers/promises';
import { QueueClient } from '../../../queue/client.ts';
import { QueueError } from '../../../queue/wire/faults.ts';
import type { Task } from '../../../queue/wire/contract.ts';
import { resultIdOf } from '../../../queue/wire/render.ts';
import { run } from '../tools.ts';
import { payloadOf } from './tasks.ts';
import { until } from './until.ts';

interface Result {
  success: boolean;
  filename: string | null;
  document: string | null;
  error?: string;
}

/**
 * A producer that keeps count: it inserts tasks and takes results, whatever happens to the queue, and finally reports whether
 * every task had one result and every PDF opens.
 */
export class Ledger {
  readonly #client: QueueClient;
  readonly #prefix: string;
  /** Results that were taken, by the id of the result. */
  readonly #taken = new Map<string, number>();
  readonly #expected: string[] = [];
  readonly #faults: string[] = [];
  readonly #stop = new AbortController();
  readonly #collecting: Promise<void>;
  #isFeeding = false;
  #feeding = Promise.resolve();

  constructor(rootUrl: string, { queue = 'render', prefix }: { queue?: string; prefix: string }) {
    this.#client = new QueueClient({ rootUrl, project: 'render', queue, timeoutMs: 5000 });
    this.#prefix = prefix;
    this.#collecting = this.#collect();
  }

  get inserted(): number {
    return this.#expected.length;
  }

  get collected(): number {
    return this.#taken.size;
  }

  /** Inserts tasks, retrying each until the queue accepts it. */
  async insert(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      const n = this.#expected.length;
      const id = `${this.#prefix}-${n}`;
      this.#expected.push(resultIdOf(id));
      await until(`the queue takes task ${id}`, 180, () => this.#put(id, payloadOf(n)));
    }
  }

  /** Inserts tasks at a steady rate until `settle` is called. */
  feed(perSecond: number): void {
    this.#isFeeding = true;
    this.#feeding = this.#feed(1000 / perSecond);
  }

  /** Stops inserting and waits until every task has its result. Resolves to all faults found; none if all is well. */
  async settle(seconds: number): Promise<string[]> {
    this.#isFeeding = false;
    await this.#feeding;
    await until(
      `${this.inserted} results (there are ${this.collected} and these faults: ${this.#faults.join('; ')})`,
      seconds,
      () => Promise.resolve(this.collected >= this.inserted),
    ).catch((error: unknown) => {
      const missing = this.#expected.filter((id) => !this.#taken.has(id));
      this.#faults.push(`${(error as Error).message}; missing ${missing.slice(0, 5).join(', ')}`);
    });
    await until('the queue is empty', 30, async () => {
      const { stats } = await this.#client.stats();
      return stats?.totalTasks === 0;
    }).catch((error: unknown) => this.#faults.push((error as Error).message));
    const twice = [...this.#taken].filter(([, times]) => times > 1).map(([id]) => `${id} came twice`);
    const strange = [...this.#taken.keys()].filter((id) => !this.#expected.includes(id));
    return [...this.#faults, ...twice, ...strange.map((id) => `nobody asked for ${id}`)];
  }

  async close(): Promise<void> {
    this.#isFeeding = false;
    this.#stop.abort();
    await this.#feeding.catch(() => undefined);
    await this.#collecting;
    await this.#client.close();
  }

  async #feed(pauseMs: number): Promise<void> {
    while (this.#isFeeding) {
      await this.insert(1);
      await delay(pauseMs);
    }
  }

  async #put(id: string, payload: string): Promise<boolean> {
    try {
      await this.#client.insert({ id, payload, tag: 'task' });
    } catch (error) {
      // An earlier attempt succeeded although its answer was lost.
      if (!(error instanceof QueueError && error.reason === 'taskNameTaken')) throw error;
    }
    return true;
  }

  async #collect(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const order = { numTasks: 50, leaseSecs: 30, tag: 'result', waitSecs: 2 };
        const results = await this.#client.lease(order, signal);
        await Promise.all(results.map((result) => this.#take(result)));
      } catch {
        await delay(250);
      }
    }
  }

  async #take(task: Task): Promise<void> {
    const fault = await faultOf(task);
    await this.#client.delete(task).catch(async (error: unknown) => {
      // What counts is whether the task is gone: the answer may have been lost.
      if (!(await this.#isGone(task.id))) throw error;
    });
    this.#taken.set(task.id, (this.#taken.get(task.id) ?? 0) + 1);
    if (fault !== undefined) this.#faults.push(`${task.id}: ${fault}`);
  }

  async #isGone(id: string): Promise<boolean> {
    const gone = await until(`the queue says whether ${id} is there`, 60, () =>
      this.#client.get(id).then(
        () => 'no',
        (error: unknown) => {
          if (error instanceof QueueError && error.reason === 'taskNotFound') return 'yes';
          throw error;
        },
      ),
    );
    return gone === 'yes';
  }
}

/** What is wrong with a result, if anything; poppler opens its PDF. */
async function faultOf(task: Task): Promise<string | undefined> {
  const result = JSON.parse(Buffer.from(task.payloadBase64, 'base64').toString()) as Result;
  if (!result.success || result.document === null) return result.error ?? 'no document';
  const { code, stdout, stderr } = await run('pdfinfo', ['-'], {
    input: Buffer.from(result.document, 'base64'),
  });
  if (code !== 0) return `${result.filename} does not open: ${stderr}`;
  return /^Pages:\s+[1-9]/m.test(stdout) ? undefined : `${result.filename} has no page`;
}
