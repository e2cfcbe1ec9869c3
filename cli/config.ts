import { z } from 'zod';
import { queueNameSchema } from '../queue/wire/contract.ts';
import {
  discoveryUrl,
  fileText,
  httpUrl,
  readEnvironment,
  type Environment,
} from '../service/environment.ts';

/** Which queue and which catalogue the client uses unless its options name others. */
export interface ClientConfig {
  /** Root of the queue service. */
  queueUrl: string;
  project: string;
  queue: string;
  token: string | undefined;
  /** Root of a service that has a catalogue; undefined: the queue service. */
  catalogueUrl: string | undefined;
}

const variables = {
  API_DISCOVERY_URL: discoveryUrl,
  PROJECT_NAME: z.string().default('render'),
  QUEUE_NAME: queueNameSchema.default('render'),
  QUEUE_TOKEN: z.string().optional(),
  QUEUE_TOKEN_FILE: fileText.optional(),
  CATALOGUE_URL: httpUrl.optional(),
};

/**
 * Reads the client's environment variables.
 *
 * @throws Error that names every invalid variable and what is allowed, one on a line
 */
export function loadClientConfig(environment: Environment = process.env): ClientConfig {
  const values = readEnvironment(variables, environment);
  return {
    queueUrl: values.API_DISCOVERY_URL,
    project: values.PROJECT_NAME,
    queue: values.QUEUE_NAME,
    token: values.QUEUE_TOKEN_FILE ?? values.QUEUE_TOKEN,
    catalogueUrl: values.CATALOGUE_URL,
  };
}
