import { Command } from 'commander';
import { LIMITS } from '../queue/wire/contract.ts';
import type { ClientConfig } from './config.ts';
import {
  flush,
  lease,
  list,
  stats,
  type FlushOptions,
  type LeaseOptions,
  type StatsOptions,
} from './queue.ts';
import { integer } from './options.ts';
import { addRenderCommands } from './render-commands.ts';
import { document, type DocumentOptions } from './results.ts';
import { checkGlobalOptions, withSession, type CommandContext, type GlobalOptions } from './session.ts';

export interface ProgramContext {
  defaults: ClientConfig;
  /** Aborted when the user interrupts. */
  signal: AbortSignal;
  version: string;
}

/** The command line of the client; parse it with commander's `parseAsync`. */
export function createProgram({ defaults, signal, version }: ProgramContext): Command {
  const program = new Command('renderfleet')
    .description('Client of a Renderfleet queue: adds tasks and saves their PDFs.')
    .version(version)
    .option('--queue-url <url>', 'root of the queue service', defaults.queueUrl)
    .option('--project <name>', 'project of the queue', defaults.project)
    .option('--queue <name>', 'name of the queue', defaults.queue)
    .option('--token <token>', 'bearer token (better given in QUEUE_TOKEN or QUEUE_TOKEN_FILE)')
    .option(
      '--catalogue-url <url>',
      'root of the service that lists the resources, if it is not the queue service',
      defaults.catalogueUrl,
    )
    .option('--json', 'print results as JSON, one value a line', false)
    .showHelpAfterError('(add --help for what is allowed)')
    .addHelpText('after', EXIT_CODES);
  const settings = () => {
    const given = program.opts<GlobalOptions>();
    const token = given.token ?? defaults.token;
    const options = { ...given, ...(token !== undefined && { token }) };
    checkGlobalOptions(options);
    return options;
  };
  const context: CommandContext = {
    settings,
    inSession: (command) => withSession(settings(), signal, command),
    signal,
  };
  addRenderCommands(program, context);
  addQueueCommands(program, context);
  return program;
}

function addQueueCommands(program: Command, { inSession }: CommandContext): void {
  program
    .command('list')
    .description('list the first 100 tasks, including leased ones')
    .action(() => inSession(list));
  program
    .command('lease')
    .description('lease tasks and print them; with --json, payloads included')
    .option('-n, --count <number>', 'how many at most', integer(1, LIMITS.leaseTasks), 1)
    .option('-s, --seconds <number>', 'length of the lease', integer(0, LIMITS.leaseSeconds), 60)
    .option('-t, --tag <tag>', 'only tasks with this tag')
    .option('-w, --wait <seconds>', 'wait for a task', integer(0, LIMITS.waitSeconds), 0)
    .action((options: LeaseOptions) => inSession((session) => lease(session, options)));
  program
    .command('document')
    .description('save the PDFs of the results in the queue and delete those results')
    .option('-o, --output <path>', 'a folder, or a file that ends in .pdf', '.')
    .option('--keep', 'leave the results in the queue')
    .option('--watch', 'wait for further results, until interrupted')
    .action((options: DocumentOptions) => inSession((session) => document(session, options)));
  program
    .command('flush')
    .description('delete all tasks, including leased ones')
    .option('-t, --tag <tag>', 'only tasks with this tag that are not leased')
    .option('-y, --yes', 'do not ask')
    .action((options: FlushOptions) => inSession((session) => flush(session, options)));
  program
    .command('stats')
    .description('print the number of tasks, the age of the oldest and the number of leases')
    .option('--watch', 'repeat until interrupted')
    .option('--interval <seconds>', 'with --watch: time between two lines', integer(1, 3600), 2)
    .action((options: StatsOptions) => inSession((session) => stats(session, options)));
}

const EXIT_CODES = `
Exit codes:
  0  done
  1  a task failed, or part of the work could not be done
  2  the command line or the input is invalid; nothing was changed
  3  the queue or the catalogue cannot be reached, or refuses
  4  the wait timed out
`;
