import { z } from 'zod';
import { faults, QueueFault, type FaultReason } from '../wire/faults.ts';

/** The parsed query of a request, as Node's querystring gives it. */
export type QueryParameters = Record<string, string | string[] | undefined>;

/** One parameter, as its schema describes it. */
interface Parameter {
  name: string;
  schema: z.ZodType;
  type: 'string' | 'integer' | 'boolean';
  minimum: number;
  maximum: number;
  enum?: string[];
  isRequired: boolean;
  /** The value when the query lacks it. */
  absent: unknown;
}

/**
 * Reads the query of a request as a schema describes it. The schema itself checks free text; for everything else its
 * description suffices, which makes a lease's query twice as fast to read.
 */
export class QueryReader<S extends z.ZodObject> {
  readonly #parameters: readonly Parameter[];
  /** The values of an empty query: shared, and copied when a query is not empty. */
  readonly #absent: Record<string, unknown>;

  /** @param schema of strings, whole numbers within bounds, booleans and enumerations; made once, as this compiles it */
  constructor(schema: S) {
    const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
    this.#parameters = Object.entries(properties).map(([name, property]) => {
      const own = schema.shape[name] as z.ZodType;
      const { success, data: absent } = own.safeParse(undefined);
      const described = property as Pick<Parameter, 'type' | 'minimum' | 'maximum' | 'enum'>;
      return { ...described, name, schema: own, isRequired: !success, absent };
    });
    this.#absent = Object.fromEntries(this.#parameters.map(({ name, absent }) => [name, absent]));
  }

  /** The parameters' values; throws a 400 fault for the first that is wrong. Others in the query are ignored. */
  read(query: QueryParameters): z.output<S> {
    let values = this.#absent;
    for (const parameter of this.#parameters) {
      const text = query[parameter.name];
      if (text === undefined && !parameter.isRequired) continue;
      if (values === this.#absent) values = { ...values };
      values[parameter.name] = valueOf(parameter, text);
    }
    return values as z.output<S>;
  }
}

/** The value of a parameter; except for free text, an empty one counts as absent. */
function valueOf(parameter: Parameter, text: string | string[] | undefined): unknown {
  const { name, type, enum: allowed } = parameter;
  if (Array.isArray(text)) throw faults.invalidParameter(`${name} must be given once.`);
  if (text === undefined || (text === '' && (type !== 'string' || allowed))) {
    if (parameter.isRequired) throw faults.required(name);
    return parameter.absent;
  }
  if (type === 'integer') return integerOf(parameter, text);
  if (type === 'boolean') return booleanOf(parameter, text);
  if (allowed && !allowed.includes(text))
    throw faults.invalidParameter(`${name} must be ${allowed.join(' or ')}.`);
  if (allowed) return text;
  const parsed = parameter.schema.safeParse(text);
  if (!parsed.success) throw fieldFault(name, parsed.error.issues[0]?.message ?? 'is invalid');
  return parsed.data;
}

function integerOf({ name, minimum, maximum }: Parameter, text: string): number {
  if (!/^-?\d+$/.test(text)) throw faults.invalidParameter(`${name} must be an integer.`);
  const value = Number(text);
  if (value < minimum || value > maximum)
    throw faults.invalidParameter(`${name} must be between ${minimum} and ${maximum}.`);
  return value;
}

function booleanOf({ name }: Parameter, text: string): boolean {
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
