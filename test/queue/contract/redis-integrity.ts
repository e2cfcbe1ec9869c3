import type { Redis } from 'ioredis';
import { KeyCache } from '../../../queue/store/redis/keys.ts';
import { unpackTask } from '../../../queue/store/redis/replies.ts';
import type { QueueRef } from '../../../queue/store/task-store.ts';

const keys = new KeyCache();

/** Where the indexes and payloads of a queue in Redis differ from its tasks; empty if all agree. */
export async function findRedisInconsistencies(redis: Redis, queue: QueueRef): Promise<string[]> {
  const [etaKey = '', tagKey = '', taskKey = '', payloadKey = ''] = keys.of(queue).all;
  const tasks = await redis.hgetall(taskKey);
  const etas = new Map(pairs(await redis.zrange(etaKey, 0, '-1', 'WITHSCORES')));
  const tags = new Set(await redis.zrange(tagKey, 0, '-1'));
  const payloads = new Set(await redis.hkeys(payloadKey));
  const found: string[] = [];
  const leases = new Set<number>();
  for (const [id, packed] of Object.entries(tasks)) {
    const { tag = '', leased } = unpackTask(id, Buffer.from(packed));
    const eta = etas.get(id);
    if (eta === undefined) found.push(`task ${id} has no ETA`);
    const member = `${Buffer.byteLength(tag)}:${tag}:${eta?.padStart(16, '0') ?? ''}${id}`;
    if (!tags.has(member)) found.push(`task ${id} is not in the index by tag as ${member}`);
    if (!payloads.has(id)) found.push(`task ${id} has no payload`);
    if (leased > 0 && leases.has(leased)) found.push(`two leases end at ${leased}`);
    leases.add(leased);
  }
  const size = Object.keys(tasks).length;
  for (const [name, members] of Object.entries({ eta: etas, tags, payloads }))
    if (members.size !== size) found.push(`${name} has ${members.size} members for ${size} tasks`);
  return found;
}

function pairs(flat: string[]): [string, string][] {
  return flat.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, flat[at + 1] ?? '']] : []));
}
