/**
 * What to tell a user whose service did not start: the cause and the variables that bear on it, without a stack trace unless
 * the fault is our own.
 */
export function startFailure(error: unknown): string {
  if (!(error instanceof Error)) return `Cannot start: ${String(error)}`;
  const { code, syscall, address, port } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  if (code === 'EADDRINUSE')
    return `Cannot start: port ${port ?? ''} of ${address ?? ''} is taken by another process. End that one, or set PORT to another port.`;
  if (syscall === 'listen')
    return `Cannot start: ${error.message}. Set HOST and PORT to where it may listen.`;
  if (syscall === 'mkdir' || code === 'ERR_SQLITE_ERROR')
    return `Cannot start: ${error.message}. Set DATA_DIRECTORY to a folder that can be written to.`;
  const isOurs = [TypeError, RangeError, ReferenceError].some((kind) => error instanceof kind);
  return `Cannot start: ${isOurs ? (error.stack ?? error.message) : error.message}`;
}
