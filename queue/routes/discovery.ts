import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { refuseOtherMethods } from '../http/fault-responses.ts';
import { isRequired, messageSchemas, parameterSchemas, type JsonSchema } from '../http/message-schemas.ts';
import { Presentation } from '../http/presentation.ts';
import type { QueryParameters } from '../http/request-readers.ts';
import type { Int64Form } from '../wire/contract.ts';
import { QueueFault } from '../wire/faults.ts';
import { METHODS, pathSchema, presentationSchema, QUEUE_PATH, type Method } from '../wire/methods.ts';

const SERVICE_PATH = 'taskqueue/v1beta2/projects/';
const SCOPES = {
  'https://www.googleapis.com/auth/taskqueue': { description: 'Manage your tasks and queues' },
  'https://www.googleapis.com/auth/taskqueue.consumer': { description: 'Consume tasks from your queues' },
};

interface DiscoveryOptions {
  int64: Int64Form;
  /** Whether the service requires tokens. */
  auth: boolean;
}

/**
 * The API in Google's discovery format (https://developers.google.com/discovery/v1/reference/apis), without what depends on the
 * caller: it takes milliseconds to make.
 */
function discoveryDocument({ int64, auth }: DiscoveryOptions): object {
  const { Task, Tasks, TaskQueue } = messageSchemas(int64, (message) => message);
  return {
    kind: 'discovery#restDescription',
    discoveryVersion: 'v1',
    id: 'taskqueue:v1beta2',
    name: 'taskqueue',
    canonicalName: 'Taskqueue',
    version: 'v1beta2',
    title: 'TaskQueue API',
    description: 'Accesses a pull task queue over REST.',
    protocol: 'rest',
    servicePath: SERVICE_PATH,
    basePath: `/${SERVICE_PATH}`,
    batchPath: 'batch',
    ...(auth && { auth: { oauth2: { scopes: SCOPES } } }),
    parameters: { ...parameters(presentationSchema, 'query'), ...IGNORED },
    schemas: Object.fromEntries(
      Object.entries({ Task, Tasks, TaskQueue }).map(([id, schema]) => [id, { id, ...property(schema) }]),
    ),
    resources: Object.fromEntries(
      ['taskqueues', 'tasks'].map((resource) => [resource, { methods: methodsOf(resource, auth) }]),
    ),
  };
}

/** Completes a document. @param rootUrl the service's root as the caller knows it, such as http://127.0.0.1:8080/ */
function withAddress(description: object, rootUrl: string): object {
  const document = { ...description, rootUrl, baseUrl: rootUrl + SERVICE_PATH };
  const etag = createHash('sha256').update(JSON.stringify(document)).digest('base64url').slice(0, 27);
  return { ...document, etag: `"${etag}"` };
}

/** Parameters that Google's clients may also send. */
const IGNORED = Object.fromEntries(
  ['key', 'oauth_token', 'quotaUser', 'userIp'].map((name) => [
    name,
    { type: 'string', location: 'query', description: 'Accepted and ignored.' },
  ]),
);

function methodsOf(resource: string, auth: boolean): Record<string, object> {
  const methods = METHODS.filter(({ id }) => id.startsWith(`${resource}.`));
  return Object.fromEntries(
    methods.map((method) => [method.id.slice(resource.length + 1), describe(method, auth)]),
  );
}

function describe(
  { id, httpMethod, path, description, query, upload, request, response }: Method,
  auth: boolean,
) {
  const address = `${QUEUE_PATH.slice(SERVICE_PATH.length + 1)}${path}`;
  const inPath = Object.entries(parameters(pathSchema, 'path')).filter(([name]) =>
    address.includes(`{${name}}`),
  );
  const all: Record<string, { required?: boolean }> = {
    ...Object.fromEntries(inPath),
    ...(query && parameters(query, 'query')),
    ...(upload && parameters(upload.omit({ uploadType: true }), 'query')),
  };
  return {
    id: `taskqueue.${id}`,
    path: address,
    httpMethod,
    description,
    parameters: all,
    parameterOrder: Object.entries(all).flatMap(([name, { required }]) => (required ? [name] : [])),
    // In the terms of v1beta2 every request is a Task.
    ...(request && { request: { $ref: 'Task' } }),
    ...(response && { response: { $ref: response } }),
    ...(upload && { supportsMediaUpload: true, mediaUpload: mediaUpload(path) }),
    ...(auth && { scopes: Object.keys(SCOPES) }),
  };
}

function mediaUpload(path: string): object {
  const simple = { multipart: false, path: `/upload${QUEUE_PATH}${path}` };
  return { accept: ['*/*'], maxSize: '1MB', protocols: { simple } };
}

function parameters(schema: z.ZodObject, location: 'path' | 'query') {
  return Object.fromEntries(
    Object.entries(parameterSchemas(schema)).map(([name, inner]) => [
      name,
      { ...property(inner), location, ...(isRequired(schema, name) && { required: true }) },
    ]),
  );
}

/**
 * A JSON Schema in the format's own terms: bounds and defaults are strings, references bare names, integers have a width.
 * Without patterns, which Google's clients check themselves, so that their users would miss the service's message.
 */
function property(schema: JsonSchema): object {
  const { type, description, format, minimum, maximum, properties, items, $ref } = schema;
  const inner = Object.entries(properties ?? {}).map(([name, value]) => [
    name,
    property(value as JsonSchema),
  ]);
  return {
    ...($ref === undefined ? { type } : { $ref }),
    ...(description !== undefined && { description }),
    ...(type === 'integer' ? { format: format ?? 'int32' } : format !== undefined && { format }),
    ...(schema.enum && { enum: schema.enum }),
    ...(schema.default !== undefined && { default: asText(schema.default) }),
    ...(minimum !== undefined && { minimum: String(minimum) }),
    ...(maximum !== undefined && { maximum: String(maximum) }),
    ...(properties && { properties: Object.fromEntries(inner) as object }),
    ...(items && { items: property(items as JsonSchema) }),
  };
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface DiscoveryRoute {
  Params: { api: string; version: string };
  Querystring: QueryParameters;
}

/** Serves the discovery document under `/api/{api}/{version}`. */
export function registerDiscovery(app: FastifyInstance, options: DiscoveryOptions): void {
  const description = discoveryDocument(options);
  app.get<DiscoveryRoute>('/api/:api/:version', (request, reply) => {
    const { api, version } = request.params;
    if (api !== 'taskqueue' || version !== 'v1beta2') {
      const name = `${api} version ${version}`.slice(0, 200);
      throw new QueueFault(
        'apiNotFound',
        `API ${name} does not exist; this service has taskqueue version v1beta2.`,
      );
    }
    const rootUrl = `${request.protocol}://${request.host}/`;
    const document = withAddress(description, rootUrl);
    return new Presentation(request.query).send(reply, JSON.stringify(document));
  });
  refuseOtherMethods(app, '/api/:api/:version', ['GET']);
}
