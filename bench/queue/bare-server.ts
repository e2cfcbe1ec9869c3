/** The baseline: a bare fastify route that runs one script through ioredis. `node bare-server.ts PORT REDIS_PORT` */
import { fastify } from 'fastify';
import { Redis } from 'ioredis';

const [port, redisPort] = process.argv.slice(2).map(Number);
const redis = new Redis(redisPort ?? 6379, '127.0.0.1', {
  scripts: {
    store: { lua: "return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])", numberOfKeys: 1 },
  },
}) as Redis & { store(key: string, field: number, value: string): Promise<number> };
const app = fastify();
let count = 0;

app.post<{ Body: { payloadBase64: string } }>('/task', async (request) => {
  count = (count + 1) % 10_000;
  const stored = await redis.store('bare', count, request.body.payloadBase64);
  return { stored, ...request.body };
});
await app.listen({ port: port ?? 0, host: '127.0.0.1' });
