import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { QueueFault } from '../wire/faults.ts';
import { METHODS, PARAMETERS, resourceSchemas, type Method } from './api-schemas.ts';
import { refuseOtherMethods } from '../http/fault-responses.ts';
import { Presentation } from '../http/presentation.ts';
import type { QueryParameters } from '../http/query-parameters.ts';

const SERVICE_PATH = 'taskqueue/v1beta2/projects/';
const SCOPES = {
  'https://www.googleapis.com/auth/taskqueue': { description: 'Manage your tasks and queues' },
  'https://www.googleapis.com/auth/taskqueue.consumer': { description: 'Consume tasks from your queues' },
};

export interface DiscoveryOptions {
  /** The service's root as the caller knows it, such as http://127.0.0.1:8080/. */
  rootUrl: string;
  int64: 'number' | 'string';
  /** Whether the service asks for tokens. */
  auth: boolean;
}

/** The API in Google's discovery format (https://developers.google.com/discovery/v1/reference/apis). */
export function discoveryDocument({ rootUrl, int64, auth }: DiscoveryOptions): object {
  const document = {
    kind: 'discovery#restDescription',
    discoveryVersion: 'v1',
    id: 'taskqueue:v1beta2',
    name: 'taskqueue',
    canonicalName: 'Taskqueue',
    version: 'v1beta2',
    title: 'TaskQueue API',
    description: 'Accesses a pull task queue over REST.',
    protocol: 'rest',
    rootUrl,
    servicePath: SERVICE_PATH,
    baseUrl: rootUrl + SERVICE_PATH,
    basePath: `/${SERVICE_PATH}`,
    batchPath: 'batch',
    ...(auth && { auth: { oauth2: { scopes: SCOPES } } }),
    parameters: GLOBAL_PARAMETERS,
    schemas: Object.fromEntries(
      Object.entries(resourceSchemas(int64)).map(([id, properties]) => [
        id,
        { id, type: 'object', properties },
      ]),
    ),
    resources: Object.fromEntries(
      ['taskqueues', 'tasks'].map((resource) => [resource, { methods: methodsOf(resource, auth) }]),
    ),
  };
  const etag = createHash('sha256').update(JSON.stringify(document)).digest('base64url').slice(0, 27);
  return { ...document, etag: `"${etag}"` };
}

const text = (description: string, more: object = {}) => ({
  type: 'string',
  location: 'query',
  description,
  ...more,
});

const GLOBAL_PARAMETERS = {
  alt: text('Data format for the response.', { default: 'json', enum: ['json'], enumDescriptions: ['JSON'] }),
  fields: text('Selector specifying which fields to include in a partial response.'),
  key: text('Accepted and ignored.'),
  oauth_token: text('Accepted and ignored.'),
  prettyPrint: {
    ...text('Returns response with indentations and line breaks.'),
    type: 'boolean',
    default: 'false',
  },
  quotaUser: text('Accepted and ignored.'),
  userIp: text('Accepted and ignored.'),
};

function methodsOf(resource: string, auth: boolean): Record<string, object> {
  const methods = METHODS.filter(({ id }) => id.startsWith(`${resource}.`));
  return Object.fromEntries(
    methods.map((method) => [method.id.slice(resource.length + 1), describe(method, auth)]),
  );
}

function describe(
  { id, httpMethod, path, description, parameters, request, response }: Method,
  auth: boolean,
) {
  const all = { project: PARAMETERS.project, taskqueue: PARAMETERS.taskqueue, ...parameters };
  return {
    id: `taskqueue.${id}`,
    path: `{project}/taskqueues/{taskqueue}${path}`,
    httpMethod,
    description,
    parameters: Object.fromEntries(
      Object.entries(all).map(([name, parameter]) => [name, asStrings(parameter)]),
    ),
    parameterOrder: Object.entries(all).flatMap(([name, { required }]) => (required ? [name] : [])),
    ...(request && { request: { $ref: request } }),
    ...(response && { response: { $ref: response } }),
    ...(auth && { scopes: Object.keys(SCOPES) }),
  };
}

/** The discovery format writes bounds as strings and names an integer's width. */
function asStrings(parameter: Method['parameters'][string]): object {
  const { minimum, maximum, ...rest } = parameter;
  return {
    ...rest,
    ...(minimum !== undefined && { minimum: String(minimum) }),
    ...(maximum !== undefined && { maximum: String(maximum) }),
    ...(parameter.type === 'integer' && { format: 'int32' }),
  };
}

interface DiscoveryRoute {
  Params: { api: string; version: string };
  Querystring: QueryParameters;
}

/** Serves the discovery document under `/api/{api}/{version}`. */
export function registerDiscovery(app: FastifyInstance, options: Omit<DiscoveryOptions, 'rootUrl'>): void {
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
    return new Presentation(request.query).send(
      reply,
      JSON.stringify(discoveryDocument({ ...options, rootUrl })),
    );
  });
  refuseOtherMethods(app, '/api/:api/:version', ['GET']);
}
