import { EventEmitter } from 'node:events';
import type { QueueNotice, QueueRef } from '../task-store.ts';

/** Tells watchers in this process what happened in a queue. */
export class Notices {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  emit({ project, queue }: QueueRef, notice: QueueNotice): void {
    this.#emitter.emit(`${project}/${queue}`, notice);
  }

  watch({ project, queue }: QueueRef, listener: (notice: QueueNotice) => void): () => void {
    const name = `${project}/${queue}`;
    this.#emitter.on(name, listener);
    return () => this.#emitter.off(name, listener);
  }
}
