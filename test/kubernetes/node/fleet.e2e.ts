import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { get, kubectl, pods } from './kubectl.ts';
import { Ledger } from './ledger.ts';
import {
  applyPool,
  cleanUp,
  deploy,
  helmTest,
  knowsRenderPools,
  prepare,
  queueUrl,
  remains,
  rollBack,
  TAGS,
  uninstall,
} from './release.ts';
import { until } from './until.ts';

const MINUTE = 60_000;

interface Listed {
  items: { kind: string; metadata: { name: string } }[];
}

/** The images of this project that pods run. */
async function ownImages(): Promise<string[]> {
  const images = '{.items[*].spec.containers[0].image}';
  const text = await kubectl(['get', 'pods', '--output', `jsonpath=${images}`]);
  return text.split(' ').filter((image) => image.includes('renderfleet/'));
}

/** The version that the queue service reports. */
async function queueVersion(url: string): Promise<string> {
  const answer = await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(5000) });
  return ((await answer.json()) as { info: { version: string } }).info.version;
}

describe('a fleet on a real node', () => {
  let url = '';
  let ledger: Ledger | undefined;

  beforeAll(async () => {
    await cleanUp();
    await prepare();
    await deploy(TAGS.first);
    url = await queueUrl();
  }, 8 * MINUTE);

  afterAll(async () => {
    await ledger?.close();
    await cleanUp();
  }, 5 * MINUTE);

  test(
    'helm test renders a document',
    async () => {
      expect(await helmTest()).toMatch(/\.pdf: \d+ bytes after/);
    },
    6 * MINUTE,
  );

  test(
    'renders 200 tasks of ten resources from zero pods, and scales back to zero',
    async () => {
      await applyPool({
        minReplicas: 0,
        maxReplicas: 3,
        idleSeconds: 5,
        scaleDownStabilizationSeconds: 5,
        targetBacklogPerDaemon: 20,
      });
      await until('the pool is ready without a pod', 30, async () => {
        const { status } = await get<{ status?: { conditions?: { type: string; status: string }[] } }>(
          'renderpool',
          'default',
        );
        return status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
      });
      expect(await pods('renderer')).toEqual([]);

      ledger = new Ledger(url, { prefix: 'burst' });
      const inserted = ledger.insert(200);
      await until('renderer pods come up', 60, async () => (await pods('renderer')).length > 0);
      await inserted;
      expect(await ledger.settle(240)).toEqual([]);
      expect(ledger.collected).toBe(200);
      await until('the pods go', 120, async () => (await pods('renderer')).length === 0);
      await ledger.close();
    },
    8 * MINUTE,
  );

  test(
    'neither an upgrade under load nor the rollback loses tasks',
    async () => {
      await applyPool({ minReplicas: 1, maxReplicas: 2 });
      ledger = new Ledger(url, { prefix: 'upgrade' });
      ledger.feed(4);
      await until('work is under way', 60, () => Promise.resolve((ledger?.collected ?? 0) > 5));
      for (const [change, tag] of [
        [() => deploy(TAGS.next), TAGS.next],
        [rollBack, TAGS.first],
      ] as const) {
        await change();
        await until(`every pod runs ${tag}`, 180, async () => {
          const images = await ownImages();
          return images.length > 0 && images.every((image) => image.endsWith(`:${tag}`));
        });
        expect(await queueVersion(url)).toBe(tag);
        const before = ledger.collected;
        await until(`${tag} renders`, 60, () => Promise.resolve((ledger?.collected ?? 0) > before + 5));
      }
      expect(await ledger.settle(120)).toEqual([]);
      await ledger.close();
    },
    15 * MINUTE,
  );

  test(
    'uninstalling leaves the volume and the CRD, and nothing else',
    async () => {
      await kubectl(['delete', 'renderpool', 'default', '--wait']);
      await uninstall();
      await until('everything is gone but what is kept', 60, async () => {
        const left = await remains();
        return left.every((name) => name.startsWith('PersistentVolumeClaim/data-')) && left.length === 1;
      }).catch(async (error: unknown) => {
        expect(await remains()).toEqual(['PersistentVolumeClaim/data-renderfleet-redis-0']);
        throw error;
      });
      expect(await knowsRenderPools()).toBe(true);
      const cluster = await get<Listed>(
        'clusterroles,clusterrolebindings',
        '--selector',
        'app.kubernetes.io/instance=renderfleet',
      );
      expect(cluster.items).toEqual([]);
    },
    5 * MINUTE,
  );
});
