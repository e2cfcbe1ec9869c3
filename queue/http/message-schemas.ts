import { z } from 'zod';
import {
  newTaskSchema,
  taskPatchSchema,
  taskQueueSchema,
  taskSchema,
  tasksSchema,
  type Int64Form,
} from '../wire/contract.ts';
import { errorEnvelopeSchema } from '../wire/faults.ts';

const MESSAGES = {
  Task: taskSchema,
  NewTask: newTaskSchema,
  TaskPatch: taskPatchSchema,
  Tasks: tasksSchema,
  TaskQueue: taskQueueSchema,
  Error: errorEnvelopeSchema,
};
export type MessageName = keyof typeof MESSAGES;

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 uses them. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

const registry = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(MESSAGES)) registry.add(schema, { id });

/** The JSON Schemas of the API's messages. @param pointer what a reference to a message is written as */
export function messageSchemas(
  int64: Int64Form,
  pointer: (message: string) => string,
): Record<MessageName, JsonSchema> {
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    uri: pointer,
    override: ({ jsonSchema }) => {
      simplify(jsonSchema, int64);
    },
  });
  const messages = {} as Record<MessageName, JsonSchema>;
  for (const id of Object.keys(MESSAGES) as MessageName[])
    messages[id] = { ...schemas[id], $schema: undefined, $id: undefined };
  // Any field of an answer may be missing: `fields` and `Prefer` see to that.
  for (const id of ['Task', 'Tasks', 'TaskQueue'] as const) delete messages[id].required;
  return messages;
}

/** The JSON Schema of each parameter by name; isRequired() says which must be given. */
export function parameterSchemas(parameters: z.ZodObject): Record<string, JsonSchema> {
  const { properties = {} } = z.toJSONSchema(parameters, {
    io: 'input',
    override: ({ jsonSchema }) => {
      simplify(jsonSchema, 'number');
    },
  });
  return properties as Record<string, JsonSchema>;
}

/** Whether a parameter must be given. */
export function isRequired(parameters: z.ZodObject, name: string): boolean {
  return !z.safeParse(parameters.shape[name] as z.ZodType, undefined).success;
}

/** Describes integers in the configured form only, and without the bounds of JavaScript's safe integers. */
function simplify(schema: JsonSchema, int64: Int64Form): void {
  if (schema.format === 'int32' || schema.format === 'int64') {
    delete schema.anyOf;
    schema.type = schema.format === 'int64' && int64 === 'string' ? 'string' : 'integer';
  }
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}
