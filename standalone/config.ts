import { join } from 'node:path';
import { readConfig, type QueueConfig } from '../queue/config.ts';
import { loadRendererConfig, type RendererConfig } from '../renderer/config.ts';

export interface StandaloneConfig {
  queue: QueueConfig;
  renderer: RendererConfig;
  /** Where documents too large for the queue are kept and served from; undefined: in a bucket. */
  resultsDirectory: string | undefined;
  /** Lowest level of the queue's own log lines: every request only when a level is asked for. */
  queueLogLevel: string;
  /** The queue service's root as this process and its user reach it. */
  rootUrl: string;
}

type Environment = Record<string, string | undefined>;

/**
 * Reads the configuration of queue and renderers in one process: the variables of both, with defaults for one machine.
 * Listens on this machine only; a lease is short, because no other machine shares the work and what a killed process
 * held is wanted again soon.
 *
 * @throws Error that names the variables at fault.
 */
export function loadStandaloneConfig(environment: Environment = process.env): StandaloneConfig {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const given: Environment = { HOST: '127.0.0.1', PORT: '8080', TASK_COUNT: '4', ...set };
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

/** A host that listens on every address is reached on this machine's own. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
