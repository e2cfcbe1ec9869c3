import type { FastifyReply } from 'fastify';
import { faults } from '../faults.ts';
import { parseFields, selectFields } from '../field-selection.ts';
import { boolean, single, type QueryParameters } from './query-parameters.ts';

/**
 * Reads how the caller wants its answer (alt, fields, prettyPrint), before anything is done: a bad wish changes nothing.
 * @returns what sends JSON text accordingly
 */
export function presentation(query: QueryParameters): (reply: FastifyReply, json: string) => FastifyReply {
  const alt = single(query, 'alt') ?? 'json';
  if (alt !== 'json' && alt !== '') throw faults.invalid('alt must be json.');
  const fields = single(query, 'fields');
  const selection = fields === undefined || fields === '' ? undefined : parseFields(fields);
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
