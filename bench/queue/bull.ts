import { Queue, Worker } from 'bullmq';

/** BullMQ in this process, without HTTP. */
export class BullBench {
  readonly #connection: { host: string; port: number };
  readonly #queue: Queue;
  readonly #payload: string;

  constructor(port: number, payload: string) {
    this.#connection = { host: '127.0.0.1', port };
    this.#payload = payload;
    this.#queue = new Queue('bench', { connection: this.#connection });
  }

  /** Single adds per second. */
  async adds(milliseconds: number, concurrency: number): Promise<number> {
    const start = performance.now();
    let count = 0;
    const adder = async () => {
      for (; performance.now() < start + milliseconds; count += 1)
        await this.#queue.add('task', { payload: this.#payload });
    };
    await Promise.all(Array.from({ length: concurrency }, adder));
    return (count / (performance.now() - start)) * 1000;
  }

  /** Processed jobs per second, of those that adds() left. */
  async processes(milliseconds: number, concurrency: number): Promise<number> {
    let count = 0;
    const options = { connection: this.#connection, concurrency, removeOnComplete: { count: 0 } };
    const worker = new Worker('bench', () => Promise.resolve((count += 1)), options);
    await worker.waitUntilReady();
    const [start, before] = [performance.now(), count];
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    const rate = ((count - before) / (performance.now() - start)) * 1000;
    await worker.close(true);
    return rate;
  }

  async close(): Promise<void> {
    await this.#queue.obliterate({ force: true });
    await this.#queue.close();
  }
}
