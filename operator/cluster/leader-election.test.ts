import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import { LeaderElection } from './leader-election.ts';
import type { Lease, LeaseStore } from './lease.ts';

const CONFIG = {
  ...{ namespace: 'operators', name: 'operator' },
  ...{ leaseSeconds: 15, renewDeadlineSeconds: 10, retrySeconds: 2 },
};
/** The longest pause between two attempts, with its jitter. */
const RETRY_MS = CONFIG.retrySeconds * 1.2 * 1000;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A Lease in memory, with the optimistic locking of the API server. */
class MemoryLease {
  #lease: Lease | undefined;
  #version = 0;

  /** @param isReachable while false, all requests fail */
  store(isReachable: () => boolean): LeaseStore {
    const request = async (answer: () => Lease | undefined) => {
      await Promise.resolve();
      if (!isReachable()) throw new Error('connection refused');
      return answer();
    };
    const write = (lease: Lease) => {
      const metadata = { ...lease.metadata, resourceVersion: String(++this.#version) };
      return (this.#lease = { ...lease, metadata });
    };
    return {
      get: () => request(() => this.#lease),
      create: (lease) => request(() => (this.#lease ? undefined : write(lease))),
      update: (lease) =>
        request(() => {
          const isCurrent = lease.metadata.resourceVersion === this.#lease?.metadata.resourceVersion;
          return isCurrent ? write(lease) : undefined;
        }),
    };
  }
}

function candidate(lease: MemoryLease, identity: string) {
  const stopping = new AbortController();
  const network = { reachable: true };
  const leases = lease.store(() => network.reachable);
  const election = new LeaderElection({ ...CONFIG, leases, identity, logger: pino({ level: 'silent' }) });
  const lead = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
  const running = election.run(stopping.signal, lead);
  return {
    election,
    network,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function twoCandidates() {
  const lease = new MemoryLease();
  const first = candidate(lease, 'first');
  await jest.advanceTimersByTimeAsync(0);
  const second = candidate(lease, 'second');
  await jest.advanceTimersByTimeAsync(60_000);
  expect([first.election.leading, second.election.leading]).toEqual([true, false]);
  return { first, second };
}

test('a leader that stops releases its lease, and another candidate takes over at its next attempt', async () => {
  const { first, second } = await twoCandidates();
  await first.stop();
  expect(first.election.leading).toBe(false);
  await jest.advanceTimersByTimeAsync(RETRY_MS);
  expect(second.election.leading).toBe(true);
  await second.stop();
});

test('a leader that cannot renew stops leading at the deadline; the other takes over once the lease has expired', async () => {
  const { first, second } = await twoCandidates();
  first.network.reachable = false;
  const cutOff = performance.now();
  let [stoppedAt, takenAt] = [0, 0];
  while (takenAt === 0 && performance.now() - cutOff < 60_000) {
    await jest.advanceTimersByTimeAsync(100);
    const elapsed = performance.now() - cutOff;
    if (stoppedAt === 0 && !first.election.leading) stoppedAt = elapsed;
    if (second.election.leading) takenAt = elapsed;
  }
  expect(stoppedAt).toBeGreaterThan(0);
  expect(stoppedAt).toBeLessThanOrEqual(CONFIG.renewDeadlineSeconds * 1000);
  expect(takenAt).toBeGreaterThan(CONFIG.leaseSeconds * 1000 - RETRY_MS);
  expect(takenAt).toBeLessThanOrEqual(CONFIG.leaseSeconds * 1000 + 2 * RETRY_MS);
  await Promise.all([first.stop(), second.stop()]);
});

test('a lease that was taken over is not taken back when its old holder recovers', async () => {
  const { first, second } = await twoCandidates();
  first.network.reachable = false;
  await jest.advanceTimersByTimeAsync(30_000);
  first.network.reachable = true;
  await jest.advanceTimersByTimeAsync(60_000);
  expect([first.election.leading, second.election.leading]).toEqual([false, true]);
  await Promise.all([first.stop(), second.stop()]);
});
