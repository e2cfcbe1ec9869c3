import { afterEach, expect, test } from '@jest/globals';
import { QueueClient } from '../../queue/client.ts';
import { eventually } from '../harness/eventually.ts';
import { QueueProcess } from '../harness/queue-service.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(environment: Record<string, string> = {}): Promise<[QueueProcess, QueueClient]> {
  const service = await QueueProcess.start(environment);
  const client = new QueueClient({ rootUrl: service.rootUrl, project: 'p', queue: 'q', connections: 64 });
  closing.push(
    () => service.remove(),
    () => client.close(),
  );
  return [service, client];
}

test('kill -9 during inserts loses no acknowledged task', async () => {
  const [service, client] = await start();
  const acknowledged: string[] = [];
  let stop = false;
  const producer = async (name: string) => {
    for (let n = 0; !stop; n += 1) {
      const inserted = await client.insert({ id: `${name}-${n}`, payload: name }).catch(() => undefined);
      if (inserted) acknowledged.push(inserted.id);
      else return;
    }
  };
  const producers = Array.from({ length: 16 }, (_, n) => producer(`p${n}`));
  await eventually(() => {
    expect(acknowledged.length).toBeGreaterThan(200);
  });
  await service.end('SIGKILL');
  stop = true;
  await Promise.all(producers);

  await service.startAgain();
  expect((await client.stats()).stats?.totalTasks).toBeGreaterThanOrEqual(acknowledged.length);
  const found: string[] = [];
  for (;;) {
    const tasks = await client.lease({ numTasks: 1000, leaseSecs: 600 });
    if (tasks.length === 0) break;
    found.push(...tasks.map(({ id }) => id));
  }
  expect(found).toEqual(expect.arrayContaining(acknowledged));
}, 120_000);

test('SIGTERM: not ready at once, long polls return empty, open requests finish, exit code 0', async () => {
  const [service, client] = await start({ SHUTDOWN_DELAY_SECONDS: '1' });
  const polls = Array.from({ length: 10 }, () => client.lease({ numTasks: 1, leaseSecs: 60, waitSecs: 30 }));
  const watch = client.statsOf({ unlike: 0, waitSecs: 30 });
  await eventually(async () => {
    const metrics = await (await fetch(`${service.rootUrl}/metrics`)).text();
    expect(metrics).toMatch(/^queue_waiting_requests 11$/m);
  });
  const begin = performance.now();
  const ended = service.end('SIGTERM');
  expect(await Promise.all(polls)).toEqual(polls.map(() => []));
  expect((await watch).totalTasks).toBe(0);
  const ready = await fetch(`${service.rootUrl}/readyz`);
  expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('shutting down')]);
  expect(await ended).toBe(0);
  expect(performance.now() - begin).toBeLessThan(20_000);
}, 60_000);

test('logs are JSON with a request id and contain neither payloads nor tokens', async () => {
  const [service] = await start();
  const url = `${service.rootUrl}/taskqueue/v1beta2/projects/p/taskqueues/q/tasks?oauth_token=secret1`;
  const headers = { authorization: 'Bearer secret2', 'x-request-id': 'given-1' };
  const body = JSON.stringify({ payloadBase64: Buffer.from('secret3').toString('base64') });
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
  await service.end('SIGTERM');
  const lines = service.output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toContainEqual(
    expect.objectContaining({ requestId: 'given-1', status: 200, method: 'POST' }),
  );
  expect(service.output).not.toMatch(/secret|c2VjcmV0/);
}, 60_000);
