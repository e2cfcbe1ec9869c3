import { Cluster } from 'ioredis';
import type { Commands } from './commands.ts';
import type { RedisConnection } from './connection.ts';

/** Why Redis is not fit to keep tasks: it takes no writes, or it may throw tasks away. Throws what the probe throws. */
export async function findUnfitness(connection: RedisConnection, commands: Commands): Promise<string[]> {
  await commands.probe(['{renderfleet}:probe'], String(Date.now()));
  const nodes = connection instanceof Cluster ? connection.nodes('master') : [connection];
  const reports = await Promise.all(nodes.map((node) => node.info('memory')));
  const policies = reports.map((report) => /^maxmemory_policy:(\S+)/m.exec(report)?.[1] ?? 'noeviction');
  return policies
    .filter((policy) => policy !== 'noeviction')
    .map(
      (policy) => `Redis has maxmemory-policy ${policy}, so that it may evict tasks: it must be noeviction.`,
    );
}
