import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { refuseOtherMethods } from '../http/fault-responses.ts';
import { isRequired, messageSchemas, parameterSchemas, type MessageName } from '../http/message-schemas.ts';
import { LIMITS, type Int64Form } from '../wire/contract.ts';
import { METHODS, pathSchema, presentationSchema, QUEUE_PATH, type Method } from '../wire/methods.ts';
import { BATCH_PATH } from './batch.ts';

interface OpenApiOptions {
  int64: Int64Form;
  /** Whether the service requires tokens. */
  auth: boolean;
  version: string;
}

/** Serves the API as an OpenAPI 3.1 document at `/openapi.json`. */
export function registerOpenApi(app: FastifyInstance, options: OpenApiOptions): void {
  const document = openApiDocument(options);
  app.get('/openapi.json', () => document);
  refuseOtherMethods(app, '/openapi.json', ['GET']);
}

function openApiDocument({ int64, auth, version }: OpenApiOptions): object {
  const paths: Record<string, Record<string, object>> = {};
  const add = (path: string, method: Method, operation: object) => {
    (paths[path] ??= {})[method.httpMethod.toLowerCase()] = operation;
  };
  for (const method of METHODS) {
    add(QUEUE_PATH + method.path, method, operation(method));
    if (method.upload)
      add(`/upload${QUEUE_PATH}${method.path}`, method, uploadOperation(method, method.upload));
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Renderfleet task queue',
      version,
      description: 'A lease queue that speaks the TaskQueue REST API v1beta2, with optional extensions.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: auth ? [{ bearer: [] }] : [],
    paths: { ...paths, [BATCH_PATH]: BATCH, ...PROBES },
    components: {
      ...(auth && { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } }),
      schemas: messageSchemas(int64, pointer),
      responses: { Fault: { description: 'A fault.', content: json('Error') } },
    },
  };
}

const probe = (operationId: string, summary: string, type = 'application/json') => ({
  get: {
    operationId,
    summary,
    security: [],
    responses: {
      200: { description: 'Yes.', content: { [type]: { schema: {} } } },
      default: { $ref: '#/components/responses/Fault' },
    },
  },
});

const PROBES = {
  '/livez': probe('livez', 'Whether the process serves requests.'),
  '/readyz': probe('readyz', 'Whether the service can store tasks, and if not, why.'),
  '/metrics': probe('metrics', 'Metrics in the Prometheus text format.', 'text/plain'),
  '/openapi.json': probe('openapi', 'This document.'),
  '/api/taskqueue/v1beta2': probe('discovery', 'The API in Google’s discovery format.'),
};

const MULTIPART = { 'multipart/mixed': { schema: { type: 'string' } } };

const BATCH = {
  post: {
    operationId: 'batch',
    summary: `Several calls in one: 1 to ${LIMITS.batchCalls} parts of type application/http.`,
    requestBody: { required: true, content: MULTIPART },
    responses: {
      200: { description: 'The answers, in the order of the calls.', content: MULTIPART },
      default: { $ref: '#/components/responses/Fault' },
    },
  },
};

function operation({ id, path, description, query, request, response, httpMethod }: Method): object {
  const changesTask = httpMethod !== 'GET' && path === '/tasks/{task}';
  return {
    operationId: id,
    summary: description,
    parameters: [
      ...pathParameters(path),
      ...(query ? parameters(query, 'query') : []),
      ...(changesTask ? [IF_MATCH] : []),
      ...(request ? [PREFER] : []),
      ...parameters(presentationSchema, 'query'),
    ],
    ...(request && { requestBody: { required: true, content: json(request) } }),
    responses: {
      ...(response
        ? { 200: { description: 'Done.', content: json(response) } }
        : { 204: { description: 'Done.' } }),
      default: { $ref: '#/components/responses/Fault' },
    },
  };
}

function uploadOperation(method: Method, upload: z.ZodObject): object {
  return {
    ...operation({ ...method, query: upload }),
    operationId: `${method.id}.upload`,
    summary: `${method.description} The body is the payload itself, at most ${LIMITS.payloadBytes} bytes.`,
    requestBody: { content: { '*/*': { schema: { type: 'string', format: 'binary' } } } },
  };
}

const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  schema: { type: 'string' },
  description:
    'The ETag of the lease that the caller holds: its leaseTimestamp in quotes. 412 when the task has been leased or renewed since.',
};

const PREFER = {
  name: 'Prefer',
  in: 'header',
  schema: { type: 'string' },
  description: 'return=minimal: answer without the payload.',
};

function pathParameters(path: string): object[] {
  return parameters(pathSchema, 'path').filter(({ name }) => (QUEUE_PATH + path).includes(`{${name}}`));
}

function parameters(schema: z.ZodObject, location: 'path' | 'query') {
  return Object.entries(parameterSchemas(schema)).map(([name, { description, ...rest }]) => ({
    ...{ name, in: location, required: isRequired(schema, name), description, schema: rest },
  }));
}

function json(message: MessageName): object {
  return { 'application/json': { schema: { $ref: pointer(message) } } };
}

function pointer(message: string): string {
  return `#/components/schemas/${message}`;
}
