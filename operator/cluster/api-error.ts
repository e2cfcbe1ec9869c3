/** An answer of the API server other than 2xx. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: number;
  /** The machine-readable reason of the Status object, such as Conflict or Expired. */
  readonly reason: string;
  /** How long the server asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(code: number, reason: string, message: string, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether an error is an answer of that HTTP status. */
export function hasCode(error: unknown, code: number): boolean {
  return error instanceof ApiError && error.code === code;
}

/** The error that an answer's body describes; `retryAfter` is the header of that name, in seconds. */
export function apiErrorOf(code: number, body: string, retryAfter?: string): ApiError {
  const retryAfterMs = retryAfter === undefined ? undefined : Number(retryAfter) * 1000 || undefined;
  try {
    const { reason, message } = JSON.parse(body) as { reason?: string; message?: string };
    return new ApiError(code, reason ?? '', message ?? `HTTP ${code}`, retryAfterMs);
  } catch {
    return new ApiError(code, '', body.slice(0, 300) || `HTTP ${code}`, retryAfterMs);
  }
}
