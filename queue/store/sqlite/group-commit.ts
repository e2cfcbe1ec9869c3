import type { DatabaseSync } from 'node:sqlite';

interface Work {
  run: () => unknown;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/**
 * Runs all work requested in one turn of the event loop in one transaction and answers once it is on disk: one sync for many
 * callers. Work must throw before its first write or not at all. An error of the database itself rolls back the whole group.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #isOwnFault: (error: unknown) => boolean;
  #waiting: Work[] = [];

  constructor(database: DatabaseSync, isOwnFault: (error: unknown) => boolean) {
    this.#database = database;
    this.#isOwnFault = isOwnFault;
  }

  run<T>(run: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ run, resolve, reject }) === 1)
        setImmediate(() => {
          this.#commit();
        });
    });
  }

  /** Commits what has been requested so far. */
  flush(): void {
    this.#commit();
  }

  #commit(): void {
    const group = this.#waiting;
    if (group.length === 0) return;
    this.#waiting = [];
    const answers: (() => void)[] = [];
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const work of group) answers.push(this.#attempt(work));
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      for (const { reject } of group) reject(error);
      return;
    }
    for (const answer of answers) answer();
  }

  #attempt({ run, resolve, reject }: Work): () => void {
    try {
      const value = run() as never;
      return () => {
        resolve(value);
      };
    } catch (error) {
      if (!this.#isOwnFault(error)) throw error;
      return () => {
        reject(error);
      };
    }
  }
}
