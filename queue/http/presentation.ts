import type { FastifyReply } from 'fastify';
import { faults } from '../wire/faults.ts';
import { checkSelection, parseFields, selectFields, type FieldNames } from './field-selection.ts';
import { resourceSchemas, type Property } from '../routes/api-schemas.ts';
import { boolean, single, type QueryParameters } from './query-parameters.ts';

type Resource = 'Task' | 'Tasks' | 'TaskQueue';

/** How 64-bit integers travel makes no difference to the names. */
const SCHEMAS = resourceSchemas('number');
const NAMES: Record<Resource, FieldNames> = {
  Task: fieldNames(SCHEMAS.Task),
  Tasks: fieldNames(SCHEMAS.Tasks),
  TaskQueue: fieldNames(SCHEMAS.TaskQueue),
};

/**
 * Reads how the caller wants its answer (alt, fields, prettyPrint), before anything is done: a bad wish changes nothing.
 *
 * @param resource what the answer is, so that `fields` can be checked; absent for one that the API does not describe
 * @returns what sends JSON text accordingly
 */
export function presentation(
  query: QueryParameters,
  resource?: Resource,
): (reply: FastifyReply, json: string) => FastifyReply {
  const alt = single(query, 'alt') ?? 'json';
  if (alt !== 'json' && alt !== '') throw faults.invalid('alt must be json.');
  const fields = single(query, 'fields');
  const selection = fields === undefined || fields === '' ? undefined : parseFields(fields);
  if (selection && resource) checkSelection(selection, NAMES[resource]);
  const indent = boolean(query, 'prettyPrint') ? 2 : undefined;
  if (!selection && !indent) return send;
  return (reply, json) => {
    const value: unknown = JSON.parse(json);
    return send(reply, JSON.stringify(selection ? selectFields(value, selection) : value, null, indent));
  };
}

function send(reply: FastifyReply, json: string): FastifyReply {
  return reply.header('content-type', 'application/json; charset=utf-8').send(json);
}

function fieldNames(properties: Record<string, Property> = {}): FieldNames {
  return Object.fromEntries(
    Object.entries(properties).map(([name, { properties: inner, items }]) => [
      name,
      fieldNames(items?.$ref === undefined ? inner : SCHEMAS[items.$ref]),
    ]),
  );
}
