import type { AggregatedResult } from '@jest/test-result';
import { missingCapabilities } from './capabilities.ts';

/** Names what this machine could not run, then closes with one plain line of counts. */
export default class SummaryReporter {
  onRunComplete(_contexts: unknown, results: AggregatedResult): void {
    for (const { name, remedy } of missingCapabilities()) {
      process.stdout.write(`Not run here: tests that need ${name}. To run them: ${remedy}.\n`);
    }
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.stdout.write(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
