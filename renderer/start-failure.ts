/**
 * What to tell a user whose renderer did not start: the cause and the variables that bear on it, without a stack trace
 * unless the fault is our own.
 */
export function startFailure(error: unknown): string {
  if (!(error instanceof Error)) return `Cannot start: ${String(error)}`;
  const { syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'listen')
    return `Cannot start: ${error.message}. Set HOST and PORT to where it may listen.`;
  if (syscall === 'mkdtemp' || syscall === 'scandir')
    return `Cannot start: ${error.message}. Set TMPDIR to a folder that can be written to.`;
  const isOurs = [TypeError, RangeError, ReferenceError].some((kind) => error instanceof kind);
  return `Cannot start: ${isOurs ? (error.stack ?? error.message) : error.message}`;
}
