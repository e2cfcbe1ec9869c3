import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueClient } from '../../queue/client.ts';
import { makeCertificates, tlsOptions, type Certificates } from '../harness/redis/certificates.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from '../harness/processes.ts';
import { QueueProcess } from '../harness/queue-service.ts';
import { RedisProcess } from '../harness/redis/redis.ts';

describeWith(['redis-server', 'openssl'], 'Redis over TLS', () => {
  let folder: string;
  let certificates: Certificates;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'redis-tls-'));
    certificates = await makeCertificates(folder);
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => rm(folder, { recursive: true }));

  const startRedis = async (clients: 'yes' | 'no', more: string[] = []): Promise<[RedisProcess, number]> => {
    const port = await freePort();
    const redis = await RedisProcess.start([...tlsOptions(certificates, port, clients), ...more]);
    closing.push(() => redis.stop());
    return [redis, port];
  };
  const startService = async (environment: Record<string, string>) => {
    const service = await QueueProcess.start(environment);
    closing.push(() => service.remove());
    return service;
  };
  const readiness = async ({ rootUrl }: QueueProcess) => {
    const answer = await fetch(`${rootUrl}/readyz`);
    return [answer.status, await answer.text()];
  };
  const untilReady = (service: QueueProcess) =>
    eventually(async () => {
      expect(await readiness(service)).toEqual([200, expect.any(String)]);
    });
  const untilNotReady = (service: QueueProcess, why: RegExp) =>
    eventually(async () => {
      expect(await readiness(service)).toEqual([503, expect.stringMatching(why)]);
    });

  test('tasks are inserted and leased, also after an outage of Redis', async () => {
    const [redis, port] = await startRedis('no', ['--user', 'app', 'on', '>secret', '~*', '&*', '+@all']);
    const service = await startService({
      REDIS_URL: `rediss://app:secret@127.0.0.1:${port}`,
      REDIS_TLS_CA_FILE: certificates.ca,
    });
    await untilReady(service);
    const client = new QueueClient({ rootUrl: service.rootUrl, project: 'p', queue: 'q' });
    closing.push(() => client.close());
    await client.insert({ id: 'a', payload: 'x' });
    await redis.kill();
    await untilNotReady(service, /ECONNREFUSED/);
    await expect(client.stats()).rejects.toMatchObject({ code: 503 });
    await redis.startAgain();
    await untilReady(service);
    const poll = client.lease({ numTasks: 2, leaseSecs: 60, tag: 't', waitSecs: 20 });
    await client.insert({ id: 'b', payload: 'x', tag: 't' });
    expect(await poll).toMatchObject([{ id: 'b' }]);
    expect(await client.lease({ numTasks: 2, leaseSecs: 60 })).toMatchObject([{ id: 'a', retry_count: 1 }]);
  }, 120_000);

  test('a server whose certificate is from an unknown authority is not trusted, and /readyz says so', async () => {
    const [, port] = await startRedis('no');
    const service = await startService({ REDIS_URL: `rediss://127.0.0.1:${port}` });
    await untilNotReady(service, /certificate/);
  }, 60_000);

  test('/readyz reports a wrong password without showing it', async () => {
    const [, port] = await startRedis('no');
    const service = await startService({
      REDIS_URL: `rediss://app:hidden-word@127.0.0.1:${port}`,
      REDIS_TLS_CA_FILE: certificates.ca,
    });
    await untilNotReady(service, /WRONGPASS/);
    expect((await readiness(service))[1]).not.toMatch(/hidden-word/);
  }, 60_000);

  test('a client certificate is presented to a server that requires one', async () => {
    const [, port] = await startRedis('yes');
    const environment = {
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(port),
      REDIS_TLS_CA_FILE: certificates.ca,
    };
    await untilNotReady(await startService(environment), /unreachable/);
    const shown = { REDIS_TLS_CERT_FILE: certificates.cert, REDIS_TLS_KEY_FILE: certificates.key };
    await untilReady(await startService({ ...environment, ...shown }));
  }, 60_000);
});
