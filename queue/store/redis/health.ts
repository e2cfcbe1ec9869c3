import { Cluster } from 'ioredis';
import type { Commands } from './commands.ts';
import { lastFailure, type RedisConnection } from './connection.ts';
import type { RedisLayout } from './layout.ts';
import { asFault } from './replies.ts';

export interface RedisParts {
  redis: RedisConnection;
  subscriber: RedisConnection;
  commands: Commands;
  layout: RedisLayout;
}

/** Why Redis cannot keep tasks; empty if it can. Throws a QueueFault if it is unreachable for an unknown reason. */
export async function findProblems({ redis, subscriber, commands, layout }: RedisParts): Promise<string[]> {
  const problems: string[] = [];
  try {
    await layout.check();
    if (layout.problem !== undefined) problems.push(layout.problem);
    await commands.probe(['{renderfleet}:probe'], String(Date.now()));
    problems.push(...(await findEvictions(redis)));
  } catch (error) {
    const why = lastFailure(redis);
    const fault = asFault(error) as Error;
    if (why === undefined) throw fault;
    problems.push(`${fault.message} (${why})`);
  }
  if (subscriber.status !== 'ready') problems.push('The connection to Redis that receives events is down.');
  return problems;
}

/** A problem for each server that may evict tasks. */
async function findEvictions(redis: RedisConnection): Promise<string[]> {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const reports = await Promise.all(nodes.map((node) => node.info('memory')));
  const policies = reports.map((report) => /^maxmemory_policy:(\S+)/m.exec(report)?.[1] ?? 'noeviction');
  return policies
    .filter((policy) => policy !== 'noeviction')
    .map((policy) => `Redis has maxmemory-policy ${policy} and may evict tasks: set it to noeviction.`);
}
