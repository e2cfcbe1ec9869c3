import { expect, test } from '@jest/globals';
import { queueAddress, queueSpecSchema } from './queue-spec.ts';

test.each([
  [{ service: { name: 'q' } }, 'http://q.team.svc:8080', { name: 'q', namespace: 'team', port: 8080 }],
  [
    { service: { name: 'q', namespace: 'o', port: 81 } },
    'http://q.o.svc:81',
    { name: 'q', namespace: 'o', port: 81 },
  ],
  [
    { url: 'http://q.o.svc.cluster.local/base/' },
    'http://q.o.svc.cluster.local/base',
    { name: 'q', namespace: 'o', port: 80 },
  ],
  [{ url: 'http://q:8080' }, 'http://q:8080', { name: 'q', namespace: 'team', port: 8080 }],
  [{ url: 'https://queue.example.org' }, 'https://queue.example.org', undefined],
  [{ url: 'http://10.0.0.1:8080' }, 'http://10.0.0.1:8080', undefined],
  [{ url: 'http://[fd00::1]:8080' }, 'http://[fd00::1]:8080', undefined],
])('the address of %j', (queue, rootUrl, service) => {
  expect(queueAddress(queueSpecSchema.parse(queue), 'team')).toEqual(
    service ? { rootUrl, service } : { rootUrl },
  );
});
