import base from '../../../jest.config.js';

/** Tests on a real node: slow, one after the other, and not part of `npm test`. */
export default {
  rootDir: '../../..',
  reporters: ['default', '<rootDir>/test/harness/summary-reporter.ts'],
  maxWorkers: 1,
  projects: [
    { ...base.projects[1], displayName: 'node', testMatch: ['<rootDir>/test/kubernetes/node/**/*.e2e.ts'] },
  ],
};
