import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { API_VERSION, KIND, type RenderPool } from '../api/render-pool.ts';
import { hasCode, MERGE_PATCH, type ApiClient } from './api-client.ts';
import { collectionPath, microTime, objectPath, type ObjectKind } from './objects.ts';

/** An event of a pool. */
export interface PoolEvent {
  type: 'Normal' | 'Warning';
  /** Machine-readable, such as ScaledUp. */
  reason: string;
  /** What the operator did or tried, in one word. */
  action: string;
  note: string;
}

const EVENTS: ObjectKind = { apiVersion: 'events.k8s.io/v1', plural: 'events' };
/** A repeated event within this time increments the series of the first one, in milliseconds. */
const SERIES_MS = 600_000;
const NOTE_LENGTH = 1000;

/** Writes events of pools. A repeated event increments the count of the first one. */
export class EventRecorder {
  readonly #client: ApiClient;
  readonly #reporter: { controller: string; instance: string };
  readonly #recent = new LRUCache<string, { name: string; count: number }>({ max: 10_000, ttl: SERIES_MS });

  constructor(client: ApiClient, instance: string) {
    this.#client = client;
    this.#reporter = { controller: 'renderfleet.dev/operator', instance };
  }

  async emit({ metadata }: RenderPool, { type, reason, action, note }: PoolEvent): Promise<void> {
    const { namespace, name, uid, resourceVersion } = metadata;
    const key = [uid, type, reason, note].join('\n');
    const first = this.#recent.get(key);
    if (first && (await this.#increment(namespace, first))) return;
    const event = {
      apiVersion: EVENTS.apiVersion,
      kind: 'Event',
      metadata: { name: `${name}.${randomBytes(8).toString('hex')}`, namespace },
      eventTime: microTime(new Date()),
      reportingController: this.#reporter.controller,
      reportingInstance: this.#reporter.instance,
      regarding: { apiVersion: API_VERSION, kind: KIND, namespace, name, uid, resourceVersion },
      ...{ type, reason, action, note: note.slice(0, NOTE_LENGTH) },
    };
    await this.#client.request('POST', collectionPath(EVENTS, namespace), { body: event });
    this.#recent.set(key, { name: event.metadata.name, count: 1 });
  }

  /** Increments the count of an event; false if the event no longer exists. */
  async #increment(namespace: string, event: { name: string; count: number }): Promise<boolean> {
    const body = { series: { count: event.count + 1, lastObservedTime: microTime(new Date()) } };
    try {
      const path = objectPath(EVENTS, namespace, event.name);
      await this.#client.request('PATCH', path, { body, contentType: MERGE_PATCH });
      event.count++;
      return true;
    } catch (error) {
      if (hasCode(error, 404)) return false;
      throw error;
    }
  }
}
