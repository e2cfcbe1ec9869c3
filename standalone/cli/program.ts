import { Command, InvalidArgumentError, Option } from 'commander';
import type { Sources } from '../../renderer/render-task.ts';
import { LIMITS } from '../../queue/contract.ts';
import { add, type AddOptions } from './add.ts';
import { addFile } from './bulk.ts';
import { document, type DocumentOptions } from './document.ts';
import { flush, type FlushOptions } from './flush.ts';
import { lease, type LeaseOptions } from './lease.ts';
import { list } from './list.ts';
import { resourceOf } from './order.ts';
import { resourceOptions } from './resource-options.ts';
import { resources } from './resources.ts';
import { CliError, EXIT, withSession, type GlobalOptions, type Session } from './session.ts';
import { stats, type StatsOptions } from './stats.ts';

/** Where commands find the queue unless their options say otherwise. */
export interface Defaults {
  rootUrl: string;
  project: string;
  queue: string;
  token: string | undefined;
}

export interface ProgramContext {
  defaults: Defaults;
  sources: Sources;
  signal: AbortSignal;
  version: string;
}

/** The command line of the client; parse it with commander's `parseAsync`. */
export async function createProgram(context: ProgramContext, argv: readonly string[]): Promise<Command> {
  const { defaults, sources, signal, version } = context;
  const program = new Command('renderfleet')
    .description('Client of a Renderfleet queue: put tasks in, get PDFs out.')
    .version(version)
    .option('--queue-url <url>', 'root of the queue service', defaults.rootUrl)
    .option('--project <name>', 'project of the queue', defaults.project)
    .option('--queue <name>', 'name of the queue', defaults.queue)
    .addOption(
      new Option('--token <token>', 'bearer token (better given in QUEUE_TOKEN or QUEUE_TOKEN_FILE)'),
    )
    .option('--json', 'print results as JSON, one value a line', false)
    .showHelpAfterError('(add --help for what is allowed)')
    .addHelpText('after', EXIT_CODES);

  const inSession = (command: (session: Session) => Promise<void>, own: Command) => {
    const options = own.optsWithGlobals<GlobalOptions>();
    return withSession({ ...options, token: options.token ?? defaults.token }, signal, command);
  };

  program.addCommand(await addCommand(sources, argv, inSession));
  program
    .command('list')
    .description('the first 100 tasks, leased ones included')
    .action((_options, own: Command) => inSession(list, own));
  program
    .command('lease')
    .description('lease tasks and print them; with --json, payloads included')
    .option('-n, --count <number>', 'how many at most', integer(1, LIMITS.leaseTasks), 1)
    .option('-s, --seconds <number>', 'for how long', integer(0, LIMITS.leaseSeconds), 60)
    .option('-t, --tag <tag>', 'only tasks of this tag')
    .option('-w, --wait <seconds>', 'wait for a task to come', integer(0, LIMITS.waitSeconds), 0)
    .action((options: LeaseOptions, own: Command) => inSession((session) => lease(session, options), own));
  program
    .command('document')
    .description("save the PDFs of the queue's results and delete the results")
    .option('-o, --output <path>', 'folder, or a file that ends in .pdf', '.')
    .option('--keep', 'leave the results in the queue')
    .option('--watch', 'go on with results to come, until interrupted')
    .action((options: DocumentOptions, own: Command) =>
      inSession((session) => document(session, options), own),
    );
  program
    .command('flush')
    .description('delete all tasks, leased ones included')
    .option('-t, --tag <tag>', 'only tasks of this tag that nobody holds')
    .option('-y, --yes', 'do not ask')
    .action((options: FlushOptions, own: Command) => inSession((session) => flush(session, options), own));
  program
    .command('stats')
    .description('how many tasks there are, how old the oldest is, how many were leased')
    .option('--watch', 'again and again, until interrupted')
    .option('--interval <seconds>', 'between two looks', integer(1, 3600), 2)
    .action((options: StatsOptions, own: Command) => inSession((session) => stats(session, options), own));
  program
    .command('resources')
    .description('the resources there are, with their options')
    .action((_options, own: Command) => resources(sources.catalogue, own.optsWithGlobals<GlobalOptions>()));
  return program;
}

/** `add` knows the options of the resource that is asked for, so that its help names them and typing errors are caught. */
async function addCommand(
  sources: Sources,
  argv: readonly string[],
  inSession: (command: (session: Session) => Promise<void>, own: Command) => Promise<void>,
): Promise<Command> {
  const command = new Command('add')
    .description('put a task for a resource into the queue, or one for each line of a file')
    .argument('[slug]', 'the resource; "renderfleet resources" lists them')
    .option('-f, --file <path>', 'a file of one JSON task a line instead; - is standard input')
    .option('--paper-size <size>', 'a4 or letter', 'a4')
    .option('--copies <number>', 'how many copies', '1')
    .option('--header-text <text>', 'text on top of each page')
    .option('--name <name>', "the document's name in its footer and file name, instead of the resource's own")
    .option('--url <url>', 'address in the footer', '')
    .option('--template <file>', 'another frame, in a template directory')
    .option('--css <file>', 'another style sheet, in a static directory')
    .option('--tagged', 'a PDF with a structure tree, for assistive software')
    .option('--wait', 'stay until the PDF is saved')
    .option('-o, --output <path>', 'with --wait: folder, or a file that ends in .pdf', '.')
    .option('--timeout <seconds>', 'with --wait: how long at most', integer(1, LIMITS.leaseSeconds), 300);
  for (const option of await optionsOfSlug(argv, sources)) command.addOption(option);
  return command.action(
    (given: string | undefined, options: AddOptions & { file?: string }, own: Command) => {
      if (options.file !== undefined && given !== undefined)
        throw usage('Give a resource or --file, not both.');
      const { file } = options;
      if (file !== undefined)
        return inSession((session) => addFile(session, { ...options, file }, sources), own);
      if (given === undefined)
        throw usage('Say which resource, or give a --file; "renderfleet resources" lists them.');
      const all = own.opts<AddOptions & Record<string, unknown>>();
      return inSession((session) => add(session, given, all, sources), own);
    },
  );
}

/** The options of the resource that the words behind `add` name, wherever among other options it stands. */
async function optionsOfSlug(argv: readonly string[], sources: Sources): Promise<Option[]> {
  const words = argv.includes('add') ? argv.slice(argv.indexOf('add') + 1) : [];
  const slugs = await sources.catalogue.slugs();
  const slug = words.find((word) => slugs.includes(word)) ?? words[0];
  return slug === undefined || slug.startsWith('-') ? [] : resourceOptions(await resourceOf(slug, sources));
}

function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

function usage(message: string): CliError {
  return new CliError(message, EXIT.usage);
}

const EXIT_CODES = `
Exit codes:
  0  done
  1  a task failed, or not everything could be done
  2  the command line or the input is wrong; nothing was changed
  3  the queue cannot be reached, or refuses
  4  the time to wait is over
`;
