import type { QueueEvent } from '../task-store.ts';
import type { RedisConnection } from './connection.ts';
import { EVENT_SIGNS } from './scripts/all.ts';

type Listener = (event: QueueEvent) => void;

/** Receives the events that scripts publish, no matter which replica ran them: one subscription per queue. */
export class QueueEvents {
  readonly #subscriber: RedisConnection;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(subscriber: RedisConnection) {
    this.#subscriber = subscriber;
    subscriber.on('message', (channel: string, message: string) => {
      const kind = message.startsWith(EVENT_SIGNS.available) ? 'available' : 'removed';
      this.#tell(channel, { kind, tag: message.slice(EVENT_SIGNS[kind].length) });
    });
    subscriber.on('ready', () => {
      for (const channel of this.#listeners.keys()) this.#tell(channel, { kind: 'missed' });
    });
  }

  /** Calls back from the moment the promise resolves until the returned function is called. */
  async watch(channel: string, listener: Listener): Promise<() => void> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    const unwatch = () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      this.#listeners.delete(channel);
      // If Redis is unreachable, there is no subscription to end, and messages without a listener are dropped.
      this.#subscriber.unsubscribe(channel).catch(() => undefined);
    };
    try {
      await this.#subscriber.subscribe(channel);
    } catch (error) {
      unwatch();
      throw error;
    }
    return unwatch;
  }

  #tell(channel: string, event: QueueEvent): void {
    for (const listener of [...(this.#listeners.get(channel) ?? [])]) listener(event);
  }
}
