import { z } from 'zod';
import { faults, QueueFault, type FaultReason } from '../wire/faults.ts';

/** The parsed query of a request, as Node's querystring gives it. */
export type QueryParameters = Record<string, string | string[] | undefined>;

interface Parameter {
  name: string;
  type: 'string' | 'integer' | 'boolean';
  minimum?: number;
  maximum?: number;
  enum?: string[];
}

/** Reads the query of a request as a schema describes it. */
export class QueryReader<S extends z.ZodObject> {
  readonly #schema: S;
  readonly #parameters: readonly Parameter[];
  /** The values when the query has none of the parameters; absent when one is required. */
  readonly #defaults: z.output<S> | undefined;

  /** @param schema of strings, whole numbers, booleans and enumerations; made once, as this compiles it */
  constructor(schema: S) {
    this.#schema = schema;
    const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
    this.#parameters = Object.entries(properties).map(([name, property]) => ({
      ...(property as Omit<Parameter, 'name'>),
      name,
    }));
    this.#defaults = schema.safeParse({}).data;
  }

  /** The parameters' values; throws a 400 fault for the first that is wrong. Others in the query are ignored. */
  read(query: QueryParameters): z.output<S> {
    const given: Record<string, unknown> = {};
    let isGiven = false;
    for (const parameter of this.#parameters) {
      const text = query[parameter.name];
      if (text === undefined) continue;
      given[parameter.name] = valueOf(parameter, text);
      isGiven = true;
    }
    if (!isGiven && this.#defaults) return this.#defaults;
    const parsed = this.#schema.safeParse(given);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0]);
    const parameter = this.#parameters.find((candidate) => candidate.name === name);
    if (given[name] === undefined) throw faults.required(name);
    if (parameter?.enum) throw faults.invalidParameter(`${name} must be ${parameter.enum.join(' or ')}.`);
    if (parameter?.type === 'integer')
      throw faults.invalidParameter(
        `${name} must be between ${parameter.minimum ?? ''} and ${parameter.maximum ?? ''}.`,
      );
    throw fieldFault(name, issue?.message ?? 'is invalid');
  }
}

/** A parameter as text; except for a string, an empty one counts as absent. */
function valueOf({ name, type, enum: allowed }: Parameter, text: string | string[]): unknown {
  if (Array.isArray(text)) throw faults.invalidParameter(`${name} must be given once.`);
  if (type === 'string' && !allowed) return text;
  if (text === '') return undefined;
  if (type === 'string') return text;
  if (type === 'integer') {
    if (!/^-?\d+$/.test(text)) throw faults.invalidParameter(`${name} must be an integer.`);
    return Number(text);
  }
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw faults.invalidParameter(`${name} must be true or false.`);
}

/**
 * Reads the JSON body of a request as a schema describes it; an empty body counts as an empty object. Throws a 400 fault
 * for the first field that is wrong. Other fields are ignored.
 */
export function readBody<S extends z.ZodObject>(body: unknown, schema: S): z.output<S> {
  const object = jsonObject(body);
  const parsed = schema.safeParse(object);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue?.path[0]);
  if (object[name] === undefined || object[name] === null) throw faults.required(name);
  throw fieldFault(name, issue?.message ?? 'is invalid');
}

function jsonObject(body: unknown): Record<string, unknown> {
  if (typeof body !== 'string' || body.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new QueueFault('parseError', 'The body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new QueueFault('parseError', 'The body must be a JSON object: a Task.');
  return value as Record<string, unknown>;
}

const REASONS: Record<string, FaultReason> = {
  id: 'invalidTaskName',
  tag: 'invalidTag',
  payloadBase64: 'invalidPayload',
};

function fieldFault(name: string, message: string): QueueFault {
  if (name === 'queueName') return faults.queueMismatch();
  const prefix = name === 'id' ? 'Task name is invalid: ' : '';
  return new QueueFault(REASONS[name] ?? 'invalidParameter', `${prefix}${name} ${message}.`);
}
