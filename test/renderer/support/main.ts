import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { loadRendererConfig } from '../../../renderer/config.ts';
import { startRenderer } from '../../../renderer/renderer.ts';
import { testComposer } from './composer.ts';

/** The renderer with the tests' documents and, if given, short leases; its first line of output is its address. */
const { TEST_LEASE_SECONDS } = process.env;
const config = {
  ...loadRendererConfig(),
  ...(TEST_LEASE_SECONDS && { leaseSeconds: Number(TEST_LEASE_SECONDS) }),
};
const files = { read: () => Promise.resolve(undefined) };
const logger = pino({ level: config.logLevel }, pino.destination(2));
const renderer = await startRenderer(config, { compose: testComposer, files, logger });
process.stdout.write(`${renderer.url}\n`);

const grace = config.graceSeconds * 1000;
closeWithGrace({ delay: grace + 4000, logger }, () => renderer.stop(grace));
