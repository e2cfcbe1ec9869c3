/** Unit tests lie beside their source; tests that cross parts lie in test/. */
const suite = (displayName, testMatch) => ({
  displayName,
  testMatch: testMatch.map((pattern) => `<rootDir>/${pattern}`),
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' } }],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
});

export default {
  globalSetup: '<rootDir>/test/harness/global-setup.ts',
  reporters: ['default', '<rootDir>/test/harness/summary-reporter.ts'],
  // Only ends a test that hangs: on a busy machine the usual 5 s are not enough.
  testTimeout: 60_000,
  projects: [
    suite('unit', ['{queue,renderer,catalogues,operator,cli,standalone,service,tools,bench}/**/*.test.ts']),
    suite('integration', ['test/**/*.test.ts']),
  ],
};
