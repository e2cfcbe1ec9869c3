import { expect, test } from '@jest/globals';
import type { LiveService } from '../cluster/objects.ts';
import { QueueEndpoints } from './queue-endpoints.ts';

const address = { rootUrl: 'http://q.team.svc:80', service: { name: 'q', namespace: 'team', port: 80 } };
const service: LiveService = { selector: { app: 'queue' }, ports: [{ port: 80, targetPort: 'http' }] };

test('a Service that appears later is found soon, and a known one is not looked up every time', async () => {
  let now = 0;
  let asked = 0;
  const services: LiveService[] = [];
  const lookUp = () => {
    asked++;
    return Promise.resolve(services[0]);
  };
  const endpoints = new QueueEndpoints({ service: lookUp }, () => now);

  expect(await endpoints.resolve(address)).toEqual({ kind: 'pods', namespace: 'team', port: 80 });
  services.push(service);
  now = 11_000;
  const pods = { kind: 'pods', namespace: 'team', labels: { app: 'queue' }, port: 'http' };
  expect(await endpoints.resolve(address)).toEqual(pods);
  now = 200_000;
  expect(await endpoints.resolve(address)).toEqual(pods);
  expect(asked).toBe(2);
});
