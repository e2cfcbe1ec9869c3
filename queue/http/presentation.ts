import type { FastifyReply, FastifyRequest } from 'fastify';
import { resourceSchemas, type Property } from '../routes/api-schemas.ts';
import { faults } from '../wire/faults.ts';
import {
  checkSelection,
  parseFields,
  selectFields,
  selects,
  type FieldNames,
  type FieldSelection,
} from './field-selection.ts';
import { boolean, single, type QueryParameters } from './query-parameters.ts';

type Message = 'Task' | 'Tasks' | 'TaskQueue';

/** How 64-bit integers travel makes no difference to the names. */
const SCHEMAS = resourceSchemas('number');
const NAMES: Record<Message, FieldNames> = {
  Task: fieldNames(SCHEMAS.Task),
  Tasks: fieldNames(SCHEMAS.Tasks),
  TaskQueue: fieldNames(SCHEMAS.TaskQueue),
};

/** RFC 7240: the caller prefers an answer without what it knows already. */
const MINIMAL = /(?:^|,)\s*return\s*=\s*"?minimal"?\s*(?:[;,]|$)/i;

/** How a caller wants its answer. Made before anything is done, so that a bad wish changes nothing. */
export class Presentation {
  /** Whether the answer has payloads; without, they need not be read from the store. */
  readonly payload: boolean;
  readonly #minimal: boolean;
  readonly #selection: FieldSelection | undefined;
  readonly #indent: number | undefined;

  /**
   * Reads alt, fields and prettyPrint; throws a 400 fault for a value that is not allowed.
   *
   * @param message what the answer is, so that `fields` can be checked; absent when the API does not describe it
   * @param prefer the Prefer header of a call that changes a task
   */
  constructor(query: QueryParameters, message?: Message, prefer?: FastifyRequest['headers']['prefer']) {
    const alt = single(query, 'alt') ?? 'json';
    if (alt !== 'json' && alt !== '') throw faults.invalidParameter('alt must be json.');
    const fields = single(query, 'fields');
    this.#selection = fields === undefined || fields === '' ? undefined : parseFields(fields);
    if (this.#selection && message) checkSelection(this.#selection, NAMES[message]);
    this.#indent = boolean(query, 'prettyPrint') ? 2 : undefined;
    this.#minimal = prefer !== undefined && MINIMAL.test(String(prefer));
    const path = message === 'Tasks' ? ['items', 'payloadBase64'] : ['payloadBase64'];
    this.payload = !this.#minimal && (!this.#selection || selects(this.#selection, path));
  }

  /** Sends an answer, given as JSON text. */
  send(reply: FastifyReply, json: string): FastifyReply {
    if (this.#minimal) void reply.header('preference-applied', 'return=minimal');
    return reply.header('content-type', 'application/json; charset=utf-8').send(this.#text(json));
  }

  #text(json: string): string {
    if (!this.#selection && !this.#indent) return json;
    const value: unknown = JSON.parse(json);
    const selected = this.#selection ? selectFields(value, this.#selection) : value;
    return JSON.stringify(selected, null, this.#indent);
  }
}

function fieldNames(properties: Record<string, Property> = {}): FieldNames {
  return Object.fromEntries(
    Object.entries(properties).map(([name, { properties: inner, items }]) => [
      name,
      fieldNames(items?.$ref === undefined ? inner : SCHEMAS[items.$ref]),
    ]),
  );
}
