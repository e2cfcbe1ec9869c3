import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';

/** What the user can do about an error of the system while a service starts. */
export interface StartHint {
  /** Applies to errors of this system call … */
  syscall?: string;
  /** … or with this code. */
  code?: string;
  /** A sentence that names the variables to set. */
  advice: string;
}

const LISTEN: StartHint = { syscall: 'listen', advice: 'Set HOST and PORT to an address of this machine.' };

/**
 * Starts a service, or writes on standard error why it cannot start and exits with code 1. It exits at once, because what
 * was opened before the failure would keep the process running.
 */
export async function run(start: () => Promise<void>, hints: readonly StartHint[] = []): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${startFailure(error, hints)}\n`);
    process.exit(1);
  }
}

/**
 * Why a service cannot start: the cause and the variables to check, without a stack trace unless the error is a bug
 * of ours.
 */
export function startFailure(error: unknown, hints: readonly StartHint[] = []): string {
  if (!(error instanceof Error)) return `Cannot start: ${String(error)}`;
  const { code, syscall, address, port } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  if (code === 'EADDRINUSE' && port !== undefined)
    return `Cannot start: port ${port} of ${address ?? 'this machine'} is in use by another process. Stop that process, or set PORT to another port.`;
  const hint = [LISTEN, ...hints].find(
    (candidate) =>
      (candidate.syscall !== undefined && candidate.syscall === syscall) ||
      (candidate.code !== undefined && candidate.code === code),
  );
  if (hint) return `Cannot start: ${error.message}. ${hint.advice}`;
  const isBug = [TypeError, RangeError, ReferenceError].some((kind) => error instanceof kind);
  return `Cannot start: ${isBug ? (error.stack ?? error.message) : error.message}`;
}

export interface ShutdownOptions {
  logger: Logger;
  /** How long `stop` may take before the process exits with code 1. */
  milliseconds: number;
}

/**
 * Stops the service on SIGTERM, SIGINT and their like, or on an uncaught exception, and exits afterwards. A second signal
 * exits at once.
 *
 * @param stop `failed` after an uncaught exception, when there is nothing to wait for
 */
export function onShutdown(
  { logger, milliseconds }: ShutdownOptions,
  stop: (failed: boolean) => Promise<void>,
): void {
  closeWithGrace({ delay: milliseconds, logger }, async ({ err, signal }) => {
    if (err) logger.fatal({ err }, 'uncaught exception, shutting down');
    else logger.info({ signal }, 'shutting down');
    await stop(err !== undefined);
  });
}
