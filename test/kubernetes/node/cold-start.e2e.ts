import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { measureColdStart, type ColdStart } from './cold-start.ts';
import { allPods, kubectl } from './kubectl.ts';
import { applyPool, cleanUp, deploy, prepare, queueUrl, TAGS } from './release.ts';
import { until } from './until.ts';

const MINUTE = 60_000;
const ROUNDS = 5;

describe('a cold start on a real node that has the image', () => {
  let url = '';

  beforeAll(async () => {
    await cleanUp();
    await prepare();
    await deploy(TAGS.first);
    url = await queueUrl();
    await applyPool({ minReplicas: 0, maxReplicas: 1, idleSeconds: 2, scaleDownStabilizationSeconds: 0 });
    // A watch needs an object to start with.
    await until('the pool has its Deployment', 60, () => kubectl(['get', 'deployment', 'default-renderer']));
  }, 8 * MINUTE);

  afterAll(cleanUp, 5 * MINUTE);

  test(
    'takes seconds from the insert to the result',
    async () => {
      const rounds: ColdStart[] = [];
      for (let i = 0; i < ROUNDS; i += 1) {
        await until('there is no renderer pod', 120, async () => (await allPods('renderer')).length === 0);
        rounds.push(await measureColdStart(url));
      }
      const parts = Object.keys(rounds[0] ?? {}) as (keyof ColdStart)[];
      const medianOf = (part: keyof ColdStart): number =>
        rounds.map((round) => round[part]).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN;
      const medians = parts.map((part) => `${part} ${medianOf(part)}`);
      process.stdout.write(`cold start, medians of ${ROUNDS} in ms: ${medians.join(', ')}\n`);
      // The aim is 3 s on an idle machine; other load on this one must not fail the test.
      expect(medianOf('total')).toBeLessThan(15_000);
      expect(medianOf('operator')).toBeLessThan(5000);
    },
    10 * MINUTE,
  );
});
