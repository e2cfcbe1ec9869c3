import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { API_VERSION, KIND, type RenderPool } from '../api/render-pool.ts';
import type { PoolEvent } from '../controller/events.ts';
import { microTime } from './lease.ts';
import { MERGE_PATCH, type ApiClient } from './api-client.ts';
import { hasCode } from './api-error.ts';
import { collectionPath, objectPath, type Resource } from './paths.ts';

const EVENTS: Resource = { apiVersion: 'events.k8s.io/v1', plural: 'events' };
/** The same said again within this time is counted in the event that there is, in milliseconds. */
const SERIES_MS = 600_000;
const NOTE_LENGTH = 1000;

/** Writes events of pools; what is said again counts up in the event that said it first. */
export class EventRecorder {
  readonly #client: ApiClient;
  readonly #reporter: { controller: string; instance: string };
  readonly #said = new LRUCache<string, { name: string; count: number }>({ max: 10_000, ttl: SERIES_MS });

  constructor(client: ApiClient, instance: string) {
    this.#client = client;
    this.#reporter = { controller: 'renderfleet.dev/operator', instance };
  }

  async emit({ metadata }: RenderPool, { type, reason, action, note }: PoolEvent): Promise<void> {
    const { namespace, name, uid, resourceVersion } = metadata;
    const key = [uid, type, reason, note].join('\n');
    const before = this.#said.get(key);
    if (before && (await this.#count(namespace, before))) return;
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
    this.#said.set(key, { name: event.metadata.name, count: 1 });
  }

  /** Counts one more of an event; false when it is gone. */
  async #count(namespace: string, event: { name: string; count: number }): Promise<boolean> {
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
