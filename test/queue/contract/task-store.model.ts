/** A plain model of a queue, and random operations to apply to both the model and a store. */
import { expect } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { QueueFault } from '../../../queue/wire/faults.ts';
import type { StoreUnderTest } from './task-store.contract.ts';
import type { QueueRef, StoredTask, TagFilter } from '../../../queue/store/task-store.ts';

interface ModelTask {
  id: string;
  eta: number;
  tag: string;
  leased: number;
  retries: number;
}

const TAGS = ['', 'x', 'y:', 'y'];
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
/** Sums of leases and of time steps never coincide, so that no two tasks become available at the same microsecond. */
const LEASES = [0, 10, 20, 100];
const STEPS = [0.3, 7.3, 33.3, 500.3];

const name = fc.constantFrom(...NAMES);
const tag = fc.constantFrom(...TAGS);
const leaseSeconds = fc.constantFrom(...LEASES);
const filter = fc.oneof(
  fc.constant<TagFilter>({ by: 'any' }),
  fc.constant<TagFilter>({ by: 'oldest' }),
  tag.map((value): TagFilter => ({ by: 'tag', tag: value })),
);
const fence = fc.constantFrom('none', 'newest', 'stale');
const payload = fc.boolean();

/** Random operations. */
export const operations = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('insert' as const), id: name, tag }),
    fc.record({
      do: fc.constant('lease' as const),
      count: fc.integer({ min: 1, max: 4 }),
      leaseSeconds,
      filter,
      payload,
    }),
    fc.record({
      do: fc.constant('renew' as const),
      id: name,
      leaseSeconds,
      tag: fc.option(tag, { nil: undefined }),
      fence,
      payload,
    }),
    fc.record({ do: fc.constant('delete' as const), id: name, fence }),
    fc.record({ do: fc.constant('release' as const), id: name }),
    fc.record({ do: fc.constant('advance' as const), seconds: fc.constantFrom(...STEPS) }),
  ),
  { maxLength: 40 },
);
type Operation = ReturnType<(typeof operations)['generate']>['value'][number];

/** Applies the operations to a new queue and to the model, and compares both after each. */
export async function compareWithModel(under: StoreUnderTest, run: readonly Operation[]): Promise<void> {
  const queue = { project: 'model', queue: randomUUID() };
  await under.freeze(queue);
  const comparison = new Comparison(under, queue);
  for (const operation of run) {
    await comparison.step(operation);
    await comparison.check();
  }
}

class Comparison {
  readonly #under: StoreUnderTest;
  readonly #queue: QueueRef;
  readonly #tasks = new Map<string, ModelTask>();
  readonly #leases = new Set<number>();

  constructor(under: StoreUnderTest, queue: QueueRef) {
    this.#under = under;
    this.#queue = queue;
  }

  async step(operation: Operation): Promise<void> {
    const { store } = this.#under;
    const now = await this.#under.now(this.#queue);
    if (operation.do === 'advance') return this.#under.advance(this.#queue, operation.seconds);
    if (operation.do === 'lease') return this.#lease(operation, now);
    const task = this.#tasks.get(operation.id);
    if (operation.do === 'insert') {
      const insertion = store.insert(this.#queue, {
        id: operation.id,
        tag: operation.tag,
        payload: Buffer.from(operation.id),
      });
      if (task) return expectFault(insertion, 400);
      const { enqueued } = await insertion;
      this.#tasks.set(operation.id, { ...operation, eta: enqueued, leased: 0, retries: 0 });
    } else if (operation.do === 'release') {
      await store.release(this.#queue, task ? [task] : []);
      if (task && task.eta > now) await this.#movedTo(task, now, { retries: task.retries - 1 });
    } else if (operation.do === 'delete') {
      const deletion = store.delete(this.#queue, {
        id: operation.id,
        fence: fenceOf(operation, task),
        tombstoneSeconds: 0,
      });
      if (!task) return expectFault(deletion, 404);
      if (operation.fence === 'stale') return expectFault(deletion, 412);
      await deletion;
      this.#tasks.delete(operation.id);
    } else {
      const { leaseSeconds: seconds } = operation;
      const renewed = store.renew(this.#queue, { ...operation, fence: fenceOf(operation, task) });
      if (!task) return expectFault(renewed, 404);
      if (operation.fence === 'stale') return expectFault(renewed, 412);
      if (task.eta <= now) return expectFault(renewed, 400);
      expectPayload(await renewed, operation);
      await this.#movedTo(task, now + seconds * 1e6, { tag: operation.tag ?? task.tag });
    }
  }

  async check(): Promise<void> {
    const { store } = this.#under;
    const now = await this.#under.now(this.#queue);
    const tasks = [...this.#tasks.values()];
    expect(await this.#under.inconsistencies(this.#queue)).toEqual([]);
    const listed = await store.list(this.#queue, 100);
    expect(listed.map(({ id }) => id)).toEqual(sorted(tasks).map(({ id }) => id));
    for (const { id, tag: found = '', retries, ...task } of listed) {
      expect({ id, tag: found, retries }).toEqual(pick(this.#tasks.get(id)));
      expect(task.payload?.toString()).toBe(id);
    }
    for (const one of [undefined, ...TAGS]) {
      const counted = tasks.filter((task) => one === undefined || task.tag === one);
      const available = counted.filter(({ eta }) => eta <= now).length;
      expect(await store.stats(this.#queue, one)).toMatchObject({ total: counted.length, available });
    }
  }

  async #lease(order: Extract<Operation, { do: 'lease' }>, now: number) {
    const { count, leaseSeconds: seconds, filter: by } = order;
    const outcome = await this.#under.store.lease(this.#queue, order);
    const available = sorted([...this.#tasks.values()]).filter(({ eta }) => eta <= now);
    const wanted = by.by === 'tag' ? by.tag : by.by === 'oldest' ? available[0]?.tag : undefined;
    const expected = available.filter((task) => wanted === undefined || task.tag === wanted).slice(0, count);
    expect(outcome.tasks.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    for (const task of outcome.tasks) expectPayload(task, order);
    for (const task of expected)
      await this.#movedTo(task, now + seconds * 1e6, { retries: task.retries + 1 });
  }

  /** Checks that the end of a new lease is unique and about as requested, and takes it over from the store. */
  async #movedTo(task: ModelTask, end: number, change: Partial<ModelTask>): Promise<void> {
    const { leased } = await this.#under.store.get(this.#queue, task.id);
    expect(leased - end).toBeGreaterThanOrEqual(0);
    expect(leased - end).toBeLessThan(250_000);
    expect(this.#leases.has(leased)).toBe(false);
    this.#leases.add(leased);
    const now = await this.#under.now(this.#queue);
    this.#tasks.set(task.id, { ...task, ...change, leased, eta: end <= now ? end : leased });
  }
}

function sorted(tasks: ModelTask[]): ModelTask[] {
  return tasks.toSorted((a, b) => a.eta - b.eta || (a.id < b.id ? -1 : 1));
}

function pick(task: ModelTask | undefined): object {
  return { id: task?.id, tag: task?.tag, retries: task?.retries };
}

function fenceOf(operation: { fence: string }, task: ModelTask | undefined): number[] | undefined {
  if (operation.fence === 'none') return undefined;
  return operation.fence === 'newest' ? [task?.leased ?? 0] : [12_345];
}

function expectPayload({ id, payload: found }: StoredTask, { payload: wanted }: { payload: boolean }): void {
  expect(found?.toString()).toBe(wanted ? id : undefined);
}

async function expectFault(attempt: Promise<unknown>, code: QueueFault['code']): Promise<void> {
  await expect(attempt).rejects.toMatchObject({ code });
}
