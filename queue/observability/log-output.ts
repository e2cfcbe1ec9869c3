/** Where log lines go: anything with a write method that takes text, such as process.stdout. */
interface Sink {
  write(text: string): unknown;
}

const BATCH_CHARACTERS = 32_768;
const FLUSH_MS = 500;

/**
 * Gathers log lines and passes many of them on at once: a write, or only measuring a line's bytes, for each request would be
 * a tenth of its whole cost. Lines wait half a second at most; flush() passes them on at once, also from an exit handler.
 */
export class LogOutput {
  readonly #sink: Sink;
  readonly #timer: NodeJS.Timeout;
  #lines = '';

  constructor(sink: Sink) {
    this.#sink = sink;
    this.#timer = setInterval(() => {
      this.flush();
    }, FLUSH_MS).unref();
  }

  write(line: string): void {
    this.#lines += line;
    if (this.#lines.length >= BATCH_CHARACTERS) this.flush();
  }

  flush(): void {
    if (this.#lines === '') return;
    const lines = this.#lines;
    this.#lines = '';
    this.#sink.write(lines);
  }

  /** Passes on what is left and stops the timer. */
  close(): void {
    clearInterval(this.#timer);
    this.flush();
  }
}
