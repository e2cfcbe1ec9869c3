import { LIMITS } from '../wire/contract.ts';
import { METHODS, PARAMETERS, resourceSchemas, type Method, type Parameter } from './api-schemas.ts';
import { BATCH_PATH } from './batch.ts';

const QUEUE = '/taskqueue/v1beta2/projects/{project}/taskqueues/{taskqueue}';

/** The API as an OpenAPI 3.1 document. @param int64 how 64-bit integers travel */
export function openApiDocument({
  int64,
  auth,
  version,
}: {
  int64: 'number' | 'string';
  auth: boolean;
  version: string;
}): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const method of METHODS) {
    (paths[QUEUE + method.path] ??= {})[method.httpMethod.toLowerCase()] = operation(method);
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
      schemas: {
        ...Object.fromEntries(
          Object.entries(resourceSchemas(int64)).map(([name, properties]) => [
            name,
            { type: 'object', properties: withPointers(properties) },
          ]),
        ),
        Error: ERROR_SCHEMA,
      },
      responses: { Fault: { description: 'A fault.', content: json('Error') } },
    },
  };
}

const ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'errors'],
      properties: {
        code: { type: 'integer', description: 'The HTTP status.' },
        message: { type: 'string' },
        errors: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              domain: { type: 'string' },
              reason: { type: 'string' },
              message: { type: 'string' },
            },
          },
        },
      },
    },
  },
};

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

function operation({ id, path, description, parameters, request, response, httpMethod }: Method): object {
  const all = { project: PARAMETERS.project, taskqueue: PARAMETERS.taskqueue, ...parameters };
  const fenced = path === '/tasks/{task}' && httpMethod !== 'GET';
  return {
    operationId: id,
    summary: description,
    parameters: [
      ...Object.entries(all).map(([name, parameter]) => describe(name, parameter)),
      ...(fenced ? [IF_MATCH] : []),
      describe('fields', { type: 'string', location: 'query', description: 'Which fields to answer with.' }),
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

const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  schema: { type: 'string' },
  description:
    'The ETag of the lease that the caller holds: its leaseTimestamp in quotes. 412 when it has moved on.',
};

function describe(name: string, parameter: Parameter): object {
  const { type, location, required = false, minimum, maximum, description } = parameter;
  return { name, in: location, required, description, schema: { type, minimum, maximum } };
}

function json(schema: string): object {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}

/** Google's references by bare name, as JSON pointers. */
function withPointers(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    key === '$ref' && typeof inner === 'string' ? `#/components/schemas/${inner}` : inner,
  );
}
