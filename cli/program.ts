import { Command, InvalidArgumentError, Option } from 'commander';
import type { Sources } from '../renderer/compose/render-task.ts';
import type { RendererConfig } from '../renderer/config.ts';
import { LIMITS } from '../queue/wire/contract.ts';
import { add, type AddOptions } from './add.ts';
import { addFile } from './bulk.ts';
import { document, type DocumentOptions } from './document.ts';
import { flush, type FlushOptions } from './flush.ts';
import { lease, type LeaseOptions } from './lease.ts';
import { list } from './list.ts';
import { resourceOf } from './order.ts';
import { preview, type PreviewOptions } from './preview.ts';
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
  renderer: RendererConfig;
  signal: AbortSignal;
  version: string;
}

/** Runs a command with the queue that its options name. */
type InSession = (command: (session: Session) => Promise<void>, own: Command) => Promise<void>;

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

  const inSession: InSession = (command, own) => {
    const options = own.optsWithGlobals<GlobalOptions>();
    return withSession({ ...options, token: options.token ?? defaults.token }, signal, command);
  };

  for (const command of [addCommand(sources, inSession), previewCommand(context)]) {
    for (const option of await optionsOfSlug(command, argv, sources)) command.addOption(option);
    program.addCommand(command);
  }
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
    .action(async (_options, own: Command) => {
      console.log(await resources(sources.catalogue, own.optsWithGlobals<GlobalOptions>()));
    });
  return program;
}

/** What `add` and `preview` share: the keys of every task. */
function withOrderOptions(command: Command): Command {
  return command
    .option('--paper-size <size>', 'a4 or letter', 'a4')
    .option('--copies <number>', 'how many copies', '1')
    .option('--header-text <text>', 'text on top of each page')
    .option('--name <name>', "the document's name in its footer and file name, instead of the resource's own")
    .option('--url <url>', 'address in the footer', '')
    .option('--template <file>', 'another frame, in a template directory')
    .option('--css <file>', 'another style sheet, in a static directory')
    .option('--tagged', 'a PDF with a structure tree, for assistive software')
    .option('-o, --output <path>', 'where the PDF goes: a folder, or a file that ends in .pdf', '.');
}

function addCommand(sources: Sources, inSession: InSession): Command {
  return withOrderOptions(new Command('add'))
    .description('put a task for a resource into the queue, or one for each line of a file')
    .argument('[slug]', 'the resource; "renderfleet resources" lists them')
    .option('-f, --file <path>', 'a file of one JSON task a line instead; - is standard input')
    .option('--wait', 'stay until the PDF is saved')
    .option('--timeout <seconds>', 'with --wait: how long at most', integer(1, LIMITS.leaseSeconds), 300)
    .action((slug: string | undefined, options: AddOptions & { file?: string }, own: Command) => {
      const { file } = options;
      if (file !== undefined && slug !== undefined) throw usage('Give a resource or --file, not both.');
      if (file !== undefined)
        return inSession((session) => addFile(session, { ...options, file }, sources), own);
      if (slug === undefined)
        throw usage('Say which resource, or give a --file; "renderfleet resources" lists them.');
      const all = own.opts<AddOptions & Record<string, unknown>>();
      return inSession((session) => add(session, slug, all, sources), own);
    });
}

function previewCommand(context: ProgramContext): Command {
  return withOrderOptions(new Command('preview'))
    .description('render one document here and now, without a queue')
    .argument('<slug>', 'the resource; "renderfleet resources" lists them')
    .option('--seed <text>', 'what random content is drawn from', 'preview')
    .action(async (slug: string, options: PreviewOptions, own: Command) => {
      const path = await preview(slug, own.opts<PreviewOptions & Record<string, unknown>>(), context);
      const { json = false } = own.optsWithGlobals<GlobalOptions>();
      console.log(json ? JSON.stringify({ path }) : path);
    });
}

/**
 * The options of the resource that the words behind a command name, wherever among other options it stands: so the help names
 * them, and typing errors are caught.
 */
async function optionsOfSlug(command: Command, argv: readonly string[], sources: Sources): Promise<Option[]> {
  const words = argv.includes(command.name()) ? argv.slice(argv.indexOf(command.name()) + 1) : [];
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
