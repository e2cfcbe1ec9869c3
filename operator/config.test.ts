import { expect, test } from '@jest/globals';
import { loadOperatorConfig } from './config.ts';

test('has defaults for everything', () => {
  const config = loadOperatorConfig({ POD_NAME: 'operator-0', WATCH_NAMESPACES: '' });
  expect(config).toMatchObject({ namespaces: [], port: 8080, leader: { leaseSeconds: 15 } });
  expect(config.identity).toMatch(/^operator-0_/);
});

test('reads a list of namespaces', () => {
  expect(loadOperatorConfig({ WATCH_NAMESPACES: 'one, two' }).namespaces).toEqual(['one', 'two']);
  expect(loadOperatorConfig({ LEADER_ELECTION: 'false' }).leader).toBeUndefined();
});

test('reports all faults at once, by the name of the variable', () => {
  const load = () => loadOperatorConfig({ PORT: 'http', WATCH_NAMESPACES: 'No_Name', LOG_LEVEL: 'loud' });
  expect(load).toThrow(
    /WATCH_NAMESPACES: must be names[\s\S]*PORT: must be a whole number[\s\S]*LOG_LEVEL: /,
  );
  expect(() => loadOperatorConfig({ LEASE_SECONDS: '5' })).toThrow(
    /LEASE_RENEW_DEADLINE_SECONDS: must be less/,
  );
});
