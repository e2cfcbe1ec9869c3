import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { Lease } from '../../operator/cluster/lease.ts';
import type { AuditEvent } from '../harness/kubernetes/control-plane.ts';
import { describeWith } from '../harness/describe-with.ts';
import { eventually } from '../harness/eventually.ts';
import { Program } from '../harness/processes.ts';
import { useControlPlane } from '../harness/kubernetes/use-cluster.ts';
import { operatorAccount, type OperatorAccount } from './support/account.ts';
import { startOperator, type OperatorUnderTest } from './support/operator.ts';
import { Pools } from './support/pools.ts';
import { startQueue, type QueueUnderTest } from './support/queue.ts';

jest.setTimeout(300_000);

/** Long enough that a slow API server does not end a leadership. */
const LEASE = { leaseSeconds: 15, renewDeadlineSeconds: 10, retrySeconds: 1 };
const MAIN = join(import.meta.dirname, '../../operator/main.ts');

describeWith(['control-plane'], 'two operators', () => {
  const plane = useControlPlane();
  let queue: QueueUnderTest;
  let pools: Pools;
  let account: OperatorAccount;
  let first: Program;
  let second: OperatorUnderTest;
  beforeAll(async () => {
    queue = await startQueue();
  });
  afterAll(async () => {
    await queue.close();
  });
  beforeEach(async () => {
    const namespace = await plane().namespace();
    pools = new Pools(plane(), namespace);
    account = await operatorAccount(plane(), namespace, 'namespace');
    first = new Program(process.execPath, [MAIN], plane().folder, environment(namespace, account.token));
    first.start();
    await eventually(async () => {
      expect((await lease()).spec?.holderIdentity).toMatch(/^first_/);
    });
    second = startOperator(plane(), {
      namespaces: [namespace],
      leader: { namespace, name: 'operator', ...LEASE },
    });
    await pools.apply('led', {
      queue: { url: queue.url, taskQueue: namespace },
      scaling: { minReplicas: 1 },
    });
    await holds('led', 1);
  });
  afterEach(async () => {
    first.signal('SIGCONT');
    await first.stop('SIGKILL');
    await second.stop();
  });

  function environment(namespace: string, token: string): NodeJS.ProcessEnv {
    const kubeconfig = join(plane().folder, `${namespace}.kubeconfig`);
    const admin = JSON.parse(readFileSync(plane().kubeconfig, 'utf8')) as { users: unknown };
    writeFileSync(kubeconfig, JSON.stringify({ ...admin, users: [{ name: 'admin', user: { token } }] }), {
      mode: 0o600,
    });
    return {
      ...process.env,
      ...{ KUBECONFIG: kubeconfig, WATCH_NAMESPACES: namespace, POD_NAMESPACE: namespace, POD_NAME: 'first' },
      ...{
        LEASE_NAME: 'operator',
        LEASE_SECONDS: String(LEASE.leaseSeconds),
        LEASE_RENEW_DEADLINE_SECONDS: String(LEASE.renewDeadlineSeconds),
        LEASE_RETRY_SECONDS: String(LEASE.retrySeconds),
      },
      ...{ HOST: '127.0.0.1', PORT: '0' },
    };
  }
  const lease = () =>
    plane().api.request<Lease>(
      'GET',
      `/apis/coordination.k8s.io/v1/namespaces/${pools.namespace}/leases/operator`,
    );
  const holds = (name: string, replicas: number) =>
    eventually(async () => {
      expect(await pools.replicas(name)).toBe(replicas);
    });
  const leads = (operator: OperatorUnderTest, timeoutMs: number) =>
    eventually(
      () => {
        expect(operator.operator.leading).toBe(true);
      },
      { timeoutMs },
    );
  const isWrite = ({ verb, objectRef, responseStatus }: AuditEvent) =>
    ['create', 'update', 'patch', 'delete'].includes(verb) &&
    objectRef?.resource !== 'leases' &&
    (responseStatus?.code ?? 0) < 300;

  test('one that is stopped releases its lease, and the other takes over before it would have expired', async () => {
    expect(second.operator.leading).toBe(false);
    await first.stop('SIGTERM');
    await leads(second, (LEASE.leaseSeconds - 1) * 1000);
    await pools.apply('led', { queue: { url: queue.url, taskQueue: pools.namespace }, replicas: 3 });
    await holds('led', 3);
  });

  test('one that is killed is replaced within the lease time', async () => {
    await first.stop('SIGKILL');
    // The rest of the lease, two attempts, and a margin for a busy machine.
    await leads(second, (LEASE.leaseSeconds + 2 * LEASE.retrySeconds + 30) * 1000);
    await pools.apply('led', { queue: { url: queue.url, taskQueue: pools.namespace }, replicas: 2 });
    await holds('led', 2);
  });

  test('one that is frozen, and resumes after the other has taken over, writes nothing', async () => {
    first.signal('SIGSTOP');
    await leads(second, 120_000);
    await pools.apply('led', { queue: { url: queue.url, taskQueue: pools.namespace }, replicas: 4 });
    await holds('led', 4);
    first.signal('SIGCONT');
    // Work that it would do if it still considered itself the leader.
    for (const replicas of [5, 6, 7]) {
      await pools.apply('led', { queue: { url: queue.url, taskQueue: pools.namespace }, replicas });
      await holds('led', replicas);
    }
    const ofFirst = plane()
      .audit()
      .filter(({ user }) => user.username === account.username);
    const takeover = Date.parse((await lease()).spec?.acquireTime ?? '');
    const late = ofFirst
      .filter(isWrite)
      .filter((event) => Date.parse(event.requestReceivedTimestamp) > takeover);
    expect(ofFirst.filter(isWrite).length).toBeGreaterThan(0);
    expect(late).toEqual([]);
  });
});
