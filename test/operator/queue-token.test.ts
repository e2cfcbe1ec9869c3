import { expect, jest, test } from '@jest/globals';
import { QueueClient } from '../../queue/client.ts';
import { Authorization } from '../../queue/auth/authorization.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { useCluster } from '../harness/kubernetes/use-cluster.ts';
import { startOperator } from './support/operator.ts';
import { Pools } from './support/pools.ts';
import { startQueue } from './support/queue.ts';

jest.setTimeout(180_000);

describeWith(['kubernetes'], 'the token of a queue', () => {
  const cluster = useCluster();

  test('is read again from its Secret as soon as the queue refuses the old one', async () => {
    const namespace = await cluster().namespace();
    const pools = new Pools(cluster(), namespace);
    const operator = startOperator(cluster(), { namespaces: [namespace] });
    const tokens = (token: string) => ({
      tokens: [{ name: 'all', token, grants: [{ role: 'admin' as const, queues: ['*'] }] }],
    });
    const [before, after] = ['the-token-of-before', 'the-token-of-after'] as const;
    const authorization = new Authorization(tokens(before));
    const guarded = await startQueue(0, authorization);
    const secret = (token: string) => ({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'guarded' } },
      stringData: { token },
    });
    pools.kubectl(['apply', '-f', '-'], secret(before));
    await pools.apply('guarded', {
      queue: { url: guarded.url, taskQueue: 'guarded', tokenSecret: { name: 'guarded' } },
    });
    await eventually(async () => {
      expect(await pools.condition('guarded', 'ScalingActive')).toMatchObject({ status: 'True' });
    });
    pools.kubectl(['apply', '-f', '-'], secret(after));
    authorization.replace(tokens(after));
    const client = new QueueClient({
      ...{ rootUrl: guarded.url, project: 'render', queue: 'guarded', token: after },
    });
    await client.insert({ payload: '{}', tag: 'task' });
    await pools.settled('guarded', 1);
    expect(await pools.events('guarded')).not.toContainEqual(expect.stringMatching(/^QueueLost/));
    await client.close();
    await guarded.close();
    await operator.stop();
  });
});
