import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueClient } from '../../queue/client.ts';
import { makeCertificates, type Certificates } from '../harness/redis/certificates.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { QueueProcess } from '../harness/queue-service.ts';
import { SentinelGroup } from '../harness/redis/sentinel.ts';

describeWith(['redis-server', 'openssl'], 'Redis behind a Sentinel', () => {
  let folder: string;
  let certificates: Certificates;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sentinel-tls-'));
    certificates = await makeCertificates(folder);
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(['in plain text', 'over TLS'])(
    'a killed primary: 503 until the failover, then everything works on the new one, %s',
    async (how) => {
      const secure = how === 'over TLS';
      const group = await SentinelGroup.start(secure ? certificates : undefined);
      closing.push(() => group.stop());
      const service = await QueueProcess.start({
        REDIS_SENTINELS: `127.0.0.1:${group.port}`,
        REDIS_COMMAND_TIMEOUT_MS: '1000',
        ...(secure && { REDIS_TLS_CA_FILE: certificates.ca }),
      });
      closing.push(() => service.remove());
      const client = new QueueClient({ rootUrl: service.rootUrl, project: 'p', queue: 'q' });
      closing.push(() => client.close());
      const ready = () => fetch(`${service.rootUrl}/readyz`);
      const untilReady = () =>
        eventually(async () => {
          expect((await ready()).status).toBe(200);
        });

      await untilReady();
      await client.insert({ id: 'before', payload: 'x' });
      await client.lease({ numTasks: 1, leaseSecs: 600 });
      await group.replicated();
      await group.primary.kill();
      await eventually(() => expect(client.stats()).rejects.toMatchObject({ name: 'QueueError', code: 503 }));
      await eventually(async () => {
        expect(await (await ready()).json()).toMatchObject({
          error: { code: 503, message: expect.stringMatching(/storage is unreachable/) },
        });
      });

      await untilReady();
      expect(await client.list()).toMatchObject([{ id: 'before', retry_count: 1 }]);
      const poll = client.lease({ numTasks: 1, leaseSecs: 60, tag: 'late', waitSecs: 20 });
      await client.insert({ id: 'after', payload: 'x', tag: 'late' });
      expect(await poll).toMatchObject([{ id: 'after' }]);

      await group.primary.startAgain();
      await group.untilFollowing();
      expect((await client.insert({ id: 'later', payload: 'x' })).id).toBe('later');
      expect((await client.stats()).stats?.totalTasks).toBe(3);
    },
    120_000,
  );
});
