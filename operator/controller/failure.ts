import { NameTakenError } from '../children/apply.ts';
import { TokenMissingError } from './queue-tokens.ts';

/** Why a pool cannot be brought about, for its status. */
export interface Failure {
  reason: string;
  message: string;
}

/** Answers of the API server that speak of what was asked for, not of how the server or the caller is at the moment. */
const REFUSALS: Record<number, string> = {
  400: 'ApplyRefused',
  403: 'Forbidden',
  422: 'ApplyRefused',
};

/**
 * What an error means for a pool; undefined for one that says nothing about the pool, such as a server that is not there:
 * for that the work is simply done again.
 */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof NameTakenError) return { reason: 'NameTaken', message: error.message };
  if (error instanceof TokenMissingError) return { reason: 'TokenMissing', message: error.message };
  const reason = 'code' in error && typeof error.code === 'number' ? REFUSALS[error.code] : undefined;
  return reason === undefined ? undefined : { reason, message: error.message };
}
