#!/usr/bin/env node
import { CommanderError } from 'commander';
import { QueueError } from '../queue/wire/faults.ts';
import { version } from '../service/version.ts';
import { loadClientConfig, type ClientConfig } from './config.ts';
import { createProgram } from './program.ts';
import { CliError, EXIT } from './session.ts';

const NETWORK_FAULT = /^(UND_ERR|ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH)/;

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    interrupt.abort();
  });

process.stderr.on('error', () => {
  interrupt.abort();
});
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  // EPIPE: the reader of the output has gone, as in `renderfleet list | head -1`, so nobody needs the rest.
  if (code !== 'EPIPE' && !interrupt.signal.aborted) {
    process.stderr.write(`renderfleet: Standard output cannot be written to: ${message}\n`);
    process.exitCode = EXIT.failed;
  }
  interrupt.abort();
});

try {
  const program = createProgram({ defaults: readEnvironment(), signal: interrupt.signal, version });
  for (const command of [program, ...program.commands]) command.exitOverride();
  await program.parseAsync();
} catch (error) {
  process.exitCode ??= fail(error);
}

function readEnvironment(): ClientConfig {
  try {
    return loadClientConfig();
  } catch (error) {
    throw new CliError((error as Error).message, EXIT.usage);
  }
}

/** Writes on standard error what went wrong, and returns the exit code for it. */
function fail(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (interrupt.signal.aborted) return EXIT.interrupted;
  const [message, code] = explain(error);
  process.stderr.write(`renderfleet: ${message}\n`);
  return code;
}

function explain(error: unknown): [message: string, code: number] {
  if (error instanceof CliError) return [error.message, error.exitCode];
  if (error instanceof QueueError)
    return [`The queue answered ${error.code} (${error.reason}): ${error.message}`, EXIT.unreachable];
  const { code, message } = error as NodeJS.ErrnoException;
  const isNetwork = NETWORK_FAULT.test(code ?? '');
  if (isNetwork || (error as Error).name === 'TimeoutError') {
    return [
      `The queue cannot be reached (${message === '' ? code : message}). Is it running ("npm start"), and is --queue-url right?`,
      EXIT.unreachable,
    ];
  }
  return [message, EXIT.failed];
}
