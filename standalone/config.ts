import { join } from 'node:path';
import { readConfig, type QueueConfig } from '../queue/config.ts';
import { loadRendererConfig, type RendererConfig } from '../renderer/config.ts';
import type { Environment } from '../service/environment.ts';

/** The configuration of queue and renderers in one process. */
export interface StandaloneConfig {
  queue: QueueConfig;
  renderer: RendererConfig;
  /** Where documents that are too large for the queue are stored and served from; undefined: a bucket stores them. */
  resultsDirectory: string | undefined;
  /** Level of the queue's request log: every request is logged only when LOG_LEVEL is set. */
  queueLogLevel: string;
  /** The queue service's root as this process and its user reach it. */
  rootUrl: string;
}

/**
 * Reads the configuration of queue and renderers in one process: the variables of both, with defaults for one machine. It
 * listens on this machine only.
 *
 * @throws Error that names every invalid variable and what is allowed
 */
export function loadStandaloneConfig(environment: Environment = process.env): StandaloneConfig {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const given: Environment = { HOST: '127.0.0.1', PORT: '8080', ...set };
  const queue = readConfig(given);
  const rootUrl = `http://${reachable(queue.host)}:${queue.port}`;
  const resultsDirectory = given.S3_BUCKET
    ? undefined
    : (given.BUCKET_SAVE_DIRECTORY ?? join(queue.dataDirectory, 'results'));
  const renderer = loadRendererConfig({
    ...given,
    API_DISCOVERY_URL: `${rootUrl}/api/{api}/{apiVersion}`,
    BUCKET_SAVE_DIRECTORY: resultsDirectory,
    BUCKET_PUBLIC_URL: given.BUCKET_PUBLIC_URL ?? (resultsDirectory && `${rootUrl}/results`),
  });
  const queueLogLevel = set.LOG_LEVEL === undefined ? 'warn' : queue.logLevel;
  return { queue, renderer, resultsDirectory, queueLogLevel, rootUrl };
}

/** The address at which this machine reaches a service that listens on a host, which may stand for every address. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
