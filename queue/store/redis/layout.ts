import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { faults } from '../../wire/faults.ts';
import { currentLayout, newerLayout, type Migration } from '../rules.ts';
import type { Commands } from './commands.ts';
import type { RedisConnection } from './connection.ts';

/**
 * A step must change each queue by one script, and skip queues that it has already changed: it runs again after a crash, and it
 * may overlap with itself when a replica was suspended for longer than its lock lasts.
 *
 * @param lost aborted when the replica no longer holds the lock: stop then
 */
export type RedisMigration = Migration<(redis: RedisConnection, lost: AbortSignal) => Promise<void>>;

/** An empty Redis has layout 0, and so has one of version 0.1.0, which had the same keys but no mark. */
export const MIGRATIONS: readonly RedisMigration[] = [{ to: 1, run: () => Promise.resolve() }];

/** One mark for all queues of a database; one hash tag, so that one script can reach both keys. */
export const LAYOUT_KEY = '{renderfleet}:layout';
export const LOCK_KEY = '{renderfleet}:layout-lock';
const LOCK_MS = 30_000;
const UNCHECKED = 'The layout of the task storage has not been checked yet.';

/** Makes sure that tasks are touched only while Redis has this program's layout, and migrates it from an older one. */
export class RedisLayout {
  readonly #redis: RedisConnection;
  readonly #commands: Pick<Commands, 'layout'>;
  readonly #logger: Logger;
  readonly #migrations: readonly RedisMigration[];
  #problem: string | undefined = UNCHECKED;
  #failure: string | undefined;
  #checking: Promise<void> | undefined;
  #migrating = false;

  constructor(
    redis: RedisConnection,
    commands: Pick<Commands, 'layout'>,
    logger: Logger,
    migrations: readonly RedisMigration[] = MIGRATIONS,
  ) {
    this.#redis = redis;
    this.#commands = commands;
    this.#logger = logger;
    this.#migrations = migrations;
  }

  /** Why tasks must not be touched; absent if they may. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Checks, and throws `storeUnavailable` if tasks must not be touched. */
  async require(): Promise<void> {
    await this.check();
    if (this.#problem !== undefined) throw faults.storeUnavailable(this.#problem);
  }

  /** Requires a new check before tasks are touched, because the connection may lead to other data from now on. */
  forget(): void {
    this.#problem = UNCHECKED;
  }

  /** Looks at the layout and, if it is older, starts to migrate it in the background. Throws if Redis is unreachable. */
  check(): Promise<void> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #check(): Promise<void> {
    const found = await this.#read();
    const current = currentLayout(this.#migrations);
    if (found === current) this.#problem = undefined;
    else if (found > current) this.#refuse(newerLayout('The task storage', found, this.#migrations));
    else if (!this.#migrating) {
      this.#problem =
        this.#failure ?? `The task storage is being migrated from layout ${found} to ${current}.`;
      this.#migrating = true;
      void this.#migrate().finally(() => {
        this.#migrating = false;
      });
    }
  }

  async #read(): Promise<number> {
    return Number((await this.#redis.get(LAYOUT_KEY)) ?? 0);
  }

  #refuse(problem: string): void {
    if (this.#problem !== problem) this.#logger.error(problem);
    this.#problem = problem;
  }

  /** Runs the steps that are missing, unless another replica does. */
  async #migrate(): Promise<void> {
    const token = randomUUID();
    try {
      if (!(await this.#redis.set(LOCK_KEY, token, 'PX', LOCK_MS, 'NX'))) return;
      await this.#runSteps(token);
      this.#failure = undefined;
      await this.#check();
    } catch (error) {
      this.#failure = `Migrating the task storage failed: ${(error as Error).message}`;
      this.#refuse(this.#failure);
    }
  }

  async #runSteps(token: string): Promise<void> {
    const lost = new AbortController();
    const extension = setInterval(() => {
      this.#hold(token).catch((error: unknown) => {
        lost.abort(error);
      });
    }, LOCK_MS / 3);
    try {
      const found = await this.#read();
      for (const { to, run } of this.#migrations) {
        if (to <= found) continue;
        await run(this.#redis, lost.signal);
        // A step that stopped early for this reason is not done, even if the lock turns out to be still held.
        lost.signal.throwIfAborted();
        await this.#hold(token, to);
        this.#logger.info({ layout: to }, 'task storage migrated');
      }
    } finally {
      clearInterval(extension);
      // If it cannot be released, it expires.
      await this.#commands.layout([LOCK_KEY, LAYOUT_KEY], token, 0, '').catch(() => undefined);
    }
  }

  /** Extends the lock and marks the layout. Throws if the lock is no longer held. */
  async #hold(token: string, layout: number | '' = ''): Promise<void> {
    const held = await this.#commands.layout([LOCK_KEY, LAYOUT_KEY], token, LOCK_MS, layout);
    if (held === 0) throw new Error('another replica has taken over');
  }
}
