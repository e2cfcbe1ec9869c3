import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { get } from './kubectl.ts';
import { cleanUp, deploy, knowsRenderPools, prepare, remains, TAGS, uninstall } from './release.ts';
import { until } from './until.ts';

const MINUTE = 60_000;

/** A release with its own pool, on a cluster without the RenderPool CRD. */
function values(keep: boolean): object {
  const renderer = { resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { memory: '1Gi' } } };
  return {
    crds: { keep },
    redis: { persistence: { enabled: false } },
    renderPool: { enabled: true, spec: { scaling: { minReplicas: 1, maxReplicas: 1 }, renderer } },
  };
}

interface Pool {
  metadata: { uid: string };
  status?: { readyReplicas?: number; conditions?: { type: string; status: string }[] };
}

function readyPool(): Promise<Pool> {
  return until('the pool is ready', 120, async () => {
    const pool = await get<Pool>('renderpool', 'default');
    const isReady = pool.status?.conditions?.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    );
    return isReady === true && pool;
  });
}

describe('a release with its own pool on a real node', () => {
  beforeAll(async () => {
    await cleanUp();
    await prepare();
  }, 5 * MINUTE);

  afterAll(cleanUp, 5 * MINUTE);

  test(
    'creates it at the first installation, keeps it at an upgrade, and removes it together with the CRD',
    async () => {
      await deploy(TAGS.first, values(false));
      const { metadata } = await readyPool();
      await deploy(TAGS.next, values(false));
      expect((await readyPool()).metadata.uid).toBe(metadata.uid);
      await uninstall();
      await until('nothing is left', 60, async () => (await remains()).length === 0);
      await until('the CRD is gone', 30, async () => !(await knowsRenderPools()));
    },
    8 * MINUTE,
  );

  test(
    'removes it although the CRD stays',
    async () => {
      await deploy(TAGS.first, values(true));
      await readyPool();
      await uninstall();
      await until('nothing is left', 60, async () => (await remains()).length === 0);
      expect(await knowsRenderPools()).toBe(true);
    },
    8 * MINUTE,
  );
});
