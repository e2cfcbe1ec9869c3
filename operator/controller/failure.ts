import { NameTakenError } from '../cluster/apply.ts';

/** A pool names a Secret for its queue's token that does not exist. */
export class TokenMissingError extends Error {
  override name = 'TokenMissingError';
}

/** Why a pool cannot be reconciled, for its status. */
export interface Failure {
  reason: string;
  message: string;
}

/** Responses of the API server that blame the request, not the state of the server or the caller. */
const REFUSALS: Record<number, string> = {
  400: 'ApplyRefused',
  403: 'Forbidden',
  422: 'ApplyRefused',
};

/**
 * What an error means for a pool; undefined if it says nothing about the pool, such as an unreachable API server: then a
 * retry is all there is to do.
 */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof NameTakenError) return { reason: 'NameTaken', message: error.message };
  if (error instanceof TokenMissingError) return { reason: 'TokenMissing', message: error.message };
  const reason = 'code' in error && typeof error.code === 'number' ? REFUSALS[error.code] : undefined;
  return reason === undefined ? undefined : { reason, message: error.message };
}
