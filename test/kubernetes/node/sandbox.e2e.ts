import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { allPods, kubectl, pods } from './kubectl.ts';
import { Ledger } from './ledger.ts';
import { applyPool, cleanUp, deploy, prepare, queueUrl, TAGS } from './release.ts';
import { until } from './until.ts';

const MINUTE = 60_000;
const WARNING = 'Chromium runs without its sandbox';

/** The kubelet's folder; the profile goes into `seccomp` there. */
const kubelet = process.env.KUBELET_ROOT ?? '/var/lib/kubelet';

describe("Chromium's sandbox on a real node", () => {
  let url = '';

  beforeAll(async () => {
    await cleanUp();
    // The DaemonSet writes to the kubelet's folder, which "restricted" forbids.
    await prepare('privileged');
    const seccompProfile = { install: true, kubeletDirectory: join(kubelet, 'seccomp') };
    await deploy(TAGS.first, { seccompProfile });
    url = await queueUrl();
  }, 8 * MINUTE);

  afterAll(cleanUp, 5 * MINUTE);

  /** Renders with a separate pool that has these settings. Resolves to the log of its pod. */
  async function logOfRendering(prefix: string, renderer: object): Promise<string> {
    await kubectl(['delete', 'renderpool', 'default', '--ignore-not-found', '--wait']);
    await until('the pods of the pool before are gone', 90, async () => {
      return (await allPods('renderer')).length === 0;
    });
    await applyPool({ minReplicas: 1, maxReplicas: 1 }, renderer);
    const ledger = new Ledger(url, { prefix });
    try {
      await ledger.insert(5);
      expect(await ledger.settle(120)).toEqual([]);
    } finally {
      await ledger.close();
    }
    const [pod] = await pods('renderer');
    return kubectl(['logs', pod?.metadata.name ?? '']);
  }

  test(
    'is on under our profile',
    async () => {
      const log = await logOfRendering('sandboxed', {
        securityContext: {
          seccompProfile: { type: 'Localhost', localhostProfile: 'renderfleet/renderer.json' },
        },
        env: [{ name: 'CHROMIUM_SANDBOX', value: 'on' }],
      });
      expect(log).toContain('task ended');
      expect(log).not.toContain(WARNING);
    },
    5 * MINUTE,
  );

  test(
    "is off under the container runtime's profile, and the log says so",
    async () => {
      const log = await logOfRendering('open', {
        securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(log).toContain('task ended');
      expect(log).toContain(WARNING);
    },
    5 * MINUTE,
  );
});
