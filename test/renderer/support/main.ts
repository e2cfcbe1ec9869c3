import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { loadRendererConfig } from '../../../renderer/config.ts';
import { startRenderer } from '../../../renderer/renderer.ts';
import { testComposer } from './composer.ts';

/** The renderer as it is, but for the tests' documents; its first line of output is its address. */
const config = loadRendererConfig();
const files = { read: () => Promise.resolve(undefined) };
const logger = pino({ level: config.logLevel }, pino.destination(2));
const renderer = await startRenderer(config, { compose: testComposer, files, logger });
process.stdout.write(`${renderer.url}\n`);

const grace = config.graceSeconds * 1000;
closeWithGrace({ delay: grace + 4000, logger }, () => renderer.stop(grace));
