import type { FastifyReply, FastifyRequest } from 'fastify';
import { presentationSchema } from '../wire/methods.ts';
import {
  checkSelection,
  parseFields,
  selectFields,
  selects,
  type FieldNames,
  type FieldSelection,
} from './field-selection.ts';
import { messageSchemas, type JsonSchema } from './message-schemas.ts';
import { QueryReader, type QueryParameters } from './request-readers.ts';

type Message = 'Task' | 'Tasks' | 'TaskQueue';

const READER = new QueryReader(presentationSchema);
/** Every field of each message, by name; the form of integers makes no difference to the names. */
const SCHEMAS: Record<string, JsonSchema> = messageSchemas('number', (message) => message);
const NAMES: Record<Message, FieldNames> = {
  Task: fieldNames(SCHEMAS.Task),
  Tasks: fieldNames(SCHEMAS.Tasks),
  TaskQueue: fieldNames(SCHEMAS.TaskQueue),
};

/** RFC 7240: the caller prefers an answer without what it knows already. */
const MINIMAL = /(?:^|,)\s*return\s*=\s*"?minimal"?\s*(?:[;,]|$)/i;

/** How a caller wants its answer. Read before anything is done, so that an invalid request changes nothing. */
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
    const { fields, prettyPrint } = READER.read(query);
    this.#selection = fields ? parseFields(fields) : undefined;
    if (this.#selection && message) checkSelection(this.#selection, NAMES[message]);
    this.#indent = prettyPrint ? 2 : undefined;
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

function fieldNames(schema: JsonSchema | undefined): FieldNames {
  const { items, $ref = (items as JsonSchema | undefined)?.$ref, properties = {} } = schema ?? {};
  if ($ref !== undefined) return fieldNames(SCHEMAS[$ref]);
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, fieldNames(property as JsonSchema)]),
  );
}
