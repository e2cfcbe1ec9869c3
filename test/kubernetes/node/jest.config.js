import { join } from 'node:path';
import base from '../../../jest.config.js';

const rootDir = join(import.meta.dirname, '../../..');
const [, integration] = base.projects;

/** Tests on a real node: slow, sequential, and not part of `npm test`. */
export default {
  rootDir,
  reporters: ['default', '<rootDir>/test/harness/summary-reporter.ts'],
  maxWorkers: 1,
  projects: [
    {
      ...integration,
      rootDir,
      displayName: 'node',
      testMatch: ['<rootDir>/test/kubernetes/node/**/*.e2e.ts'],
    },
  ],
};
