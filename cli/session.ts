import { QueueClient } from '../queue/client.ts';

/** The client's exit codes. */
export const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3, timeout: 4, interrupted: 130 } as const;

/** Why a command failed, with the exit code; the message is all that the user sees. */
export class CliError extends Error {
  override name = 'CliError';
  readonly exitCode: number;
  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Why a call of `fetch` failed: its own message is "fetch failed" whatever the cause, and that of several addresses is empty. */
export function whyFetchFailed(error: unknown): string {
  const { cause, message } = error as { cause?: Partial<NodeJS.ErrnoException>; message: string };
  return [cause?.message, cause?.code].find(Boolean) ?? message;
}

/** The options that every command has. */
export interface GlobalOptions {
  queueUrl: string;
  project: string;
  queue: string;
  /** Root of a service that has a catalogue; undefined: the queue service. */
  catalogueUrl?: string;
  token?: string;
  json?: boolean;
}

/** @throws CliError that names the option with a value that is not allowed */
export function checkGlobalOptions({ queueUrl, catalogueUrl = queueUrl, token = '' }: GlobalOptions): void {
  for (const [flag, value] of Object.entries({ '--queue-url': queueUrl, '--catalogue-url': catalogueUrl })) {
    const { protocol } = URL.parse(value) ?? {};
    if (protocol !== 'http:' && protocol !== 'https:')
      throw new CliError(
        `${flag} is ${JSON.stringify(value)}, allowed: a URL such as http://127.0.0.1:8080`,
        EXIT.usage,
      );
  }
  if (!/^[!-~]*$/.test(token))
    throw new CliError(
      'The token contains characters that are not allowed; allowed: printable ASCII without spaces.',
      EXIT.usage,
    );
}

/** What a command works with: one queue, and where to print. */
export interface Session {
  client: QueueClient;
  /** Whether results go to standard output as JSON, one value a line. */
  json: boolean;
  /** Prints a line of the result to standard output. */
  print: (line: string) => void;
  /** Prints a line about the work to standard error. */
  note: (line: string) => void;
  /** Aborted when the user interrupts. */
  signal: AbortSignal;
}

/** Runs a command in a session, and closes the session afterwards. */
export async function withSession(
  { queueUrl, project, queue, token, json = false }: GlobalOptions,
  signal: AbortSignal,
  command: (session: Session) => Promise<void>,
): Promise<void> {
  const client = new QueueClient({ rootUrl: queueUrl, project, queue, ...(token && { token }) });
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  const note = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    await command({ client, json, print, note, signal });
  } finally {
    await client.close();
  }
}

/** What commands share. */
export interface CommandContext {
  /** The options that every command has, checked. */
  settings: () => GlobalOptions;
  /** Runs a command with the queue that the options name. */
  inSession: (command: (session: Session) => Promise<void>) => Promise<void>;
  signal: AbortSignal;
}
