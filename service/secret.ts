import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';

const POLL_MS = 5000;

export interface SecretFileOptions<T> {
  /** Makes the value of the file's text; throws an error without the text when it is invalid. */
  parse: (text: string) => T;
  logger: Logger;
  /** Called with each new value after the first. */
  onChange?: (value: T) => void;
  /** Milliseconds between two looks at the file. */
  pollMs?: number;
}

/** The value of a mounted file, read again when the file changes. A changed file that is invalid leaves the value as it was. */
export class SecretFile<T> {
  readonly #path: string;
  readonly #options: SecretFileOptions<T>;
  readonly #timer: NodeJS.Timeout;
  /** What the file contained at the last look; undefined if it could not be read. */
  #text: string | undefined;
  #current: T;

  /** @throws Error when the file cannot be read, or what `parse` throws */
  constructor(path: string, options: SecretFileOptions<T>) {
    this.#path = path;
    this.#options = options;
    this.#text = readFileSync(path, 'utf8');
    this.#current = options.parse(this.#text);
    // Notifications miss the symbolic links that Kubernetes swaps in a mounted secret, and fs.watchFile misses a change
    // between the reading above and its own first look.
    this.#timer = setInterval(this.#look, options.pollMs ?? POLL_MS).unref();
  }

  get current(): T {
    return this.#current;
  }

  /** Reads the file without waiting for the next look, and returns the value that is current then. */
  refresh(): T {
    this.#look();
    return this.#current;
  }

  /** Stops following the file. */
  close(): void {
    clearInterval(this.#timer);
  }

  readonly #look = () => {
    const { parse, logger, onChange } = this.#options;
    const before = this.#text;
    this.#text = undefined;
    try {
      this.#text = readFileSync(this.#path, 'utf8');
      if (this.#text === before) return;
      this.#current = parse(this.#text);
      logger.info({ path: this.#path }, 'secret file read again');
      onChange?.(this.#current);
    } catch (err) {
      if (before === undefined && this.#text === undefined) return;
      logger.error(
        { err, path: this.#path },
        'cannot use the changed secret file, keeping its previous content',
      );
    }
  };
}

/** Where a secret comes from: a file, which is preferred, or a variable. */
export interface SecretSource {
  value?: string | undefined;
  file?: string | undefined;
}

/** A secret that may be replaced while the process runs. */
export interface Secret {
  /**
   * The current secret.
   *
   * @param refused a secret that was just refused: if it is still the current one, its file is read again at once
   */
  read: (refused?: string) => string | undefined;
  close: () => void;
}

/**
 * Opens a secret.
 *
 * @throws Error when its file cannot be read
 */
export function openSecret({ value, file }: SecretSource, logger: Logger): Secret {
  if (file === undefined) return { read: () => value, close: () => undefined };
  const secret = new SecretFile(file, { parse: (text) => text.trim(), logger });
  return {
    read: (refused) => (refused === secret.current ? secret.refresh() : secret.current),
    close: () => {
      secret.close();
    },
  };
}
