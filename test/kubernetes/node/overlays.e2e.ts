import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROOT } from '../chart.ts';
import { output, run } from '../tools.ts';
import { Ledger } from './ledger.ts';
import { nodeAddress, TAGS } from './release.ts';
import { until } from './until.ts';

const MINUTE = 60_000;
const NAMESPACE = 'renderfleet';

/** Applies manifests on the server side, which includes admission and defaults. */
function apply(manifests: string, ...flags: string[]): Promise<string> {
  return output('kubectl', ['apply', '--server-side', ...flags, '--filename', '-'], { input: manifests });
}

/** An overlay's manifests with the images of the node. */
async function overlay(name: string): Promise<string> {
  const manifests = await output('kubectl', ['kustomize', join(ROOT, 'k8s/overlays', name)]);
  return manifests.replaceAll(/(renderfleet\/(?:queue|operator|renderer)):\S+/g, `$1:${TAGS.first}`);
}

async function takeAway(): Promise<void> {
  const manifests = await overlay('development');
  const flags = ['delete', '--ignore-not-found', '--timeout=120s', '--filename', '-'];
  await run('kubectl', flags, { input: manifests, timeoutMs: 180_000 });
}

describe('the kustomize overlays on a real node', () => {
  beforeAll(takeAway, 4 * MINUTE);
  afterAll(takeAway, 4 * MINUTE);

  test(
    'the API server accepts every object of production',
    async () => {
      await apply(await readFile(join(ROOT, 'k8s/overlays/production/namespace.yaml'), 'utf8'));
      await output('kubectl', ['apply', '--server-side', '--kustomize', join(ROOT, 'k8s/crd')]);
      const manifests = await overlay('production');
      const answer = await until('the API server knows RenderPools', 30, () =>
        apply(manifests, '--dry-run=server'),
      );
      const taken = answer.split('\n').filter((line) => line.endsWith('(server dry run)'));
      expect(taken).toHaveLength(manifests.match(/^kind: /gm)?.length ?? 0);
      expect(taken.join()).toContain('renderpool.renderfleet.dev/default');
    },
    MINUTE,
  );

  test(
    'development renders documents',
    async () => {
      await apply(await overlay('development'));
      const service = ['--namespace', NAMESPACE, 'service', 'renderfleet-queue'];
      await output('kubectl', ['patch', ...service, '--patch', '{"spec":{"type":"NodePort"}}']);
      const port = await output('kubectl', [
        'get',
        ...service,
        '--output',
        'jsonpath={.spec.ports[0].nodePort}',
      ]);
      const url = `http://${await nodeAddress()}:${port}`;
      await until(`the queue answers at ${url}`, 90, async () => {
        return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) })).ok;
      });
      const ledger = new Ledger(url, { prefix: 'overlay' });
      try {
        await ledger.insert(10);
        expect(await ledger.settle(120)).toEqual([]);
        expect(ledger.collected).toBe(10);
      } finally {
        await ledger.close();
      }
    },
    6 * MINUTE,
  );
});
