import { describe } from '@jest/globals';
import { missingCapabilities, type Capability } from './capabilities.ts';

/** A `describe` that is skipped, and reported at the end of the run, on a machine that lacks what it needs. */
export function describeWith(needs: Capability[], name: string, body: () => void): void {
  const missing = missingCapabilities().some((capability) => needs.includes(capability.name));
  (missing ? describe.skip : describe)(name, body);
}
