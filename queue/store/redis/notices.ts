import type { QueueNotice } from '../task-store.ts';
import type { RedisConnection } from './connection.ts';

type Listener = (notice: QueueNotice) => void;

/** Notices that scripts publish, whichever replica of the service ran them: one subscription a queue. */
export class Notices {
  readonly #subscriber: RedisConnection;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(subscriber: RedisConnection) {
    this.#subscriber = subscriber;
    subscriber.on('message', (channel: string, message: string) => {
      const kind = message.startsWith('+') ? 'available' : 'removed';
      this.#tell(channel, { kind, tag: message.slice(1) });
    });
    subscriber.on('ready', () => {
      for (const channel of this.#listeners.keys()) this.#tell(channel, { kind: 'missed' });
    });
  }

  /** Calls back from the moment the promise is fulfilled until the returned function is called. */
  async watch(channel: string, listener: Listener): Promise<() => void> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    const unwatch = () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      this.#listeners.delete(channel);
      // When it cannot be reached there is nothing to end; the next message to nobody is dropped.
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

  #tell(channel: string, notice: QueueNotice): void {
    for (const listener of [...(this.#listeners.get(channel) ?? [])]) listener(notice);
  }
}
