import { Command } from 'commander';
import { LIMITS } from '../queue/wire/contract.ts';
import { add, addFile, type WaitingOptions } from './add.ts';
import { fetchCatalogue, type Catalogue } from './catalogue.ts';
import { chosenOptions, integer, namedValues, resourceOptions } from './options.ts';
import type { Previewer } from './preview.ts';
import { CliError, EXIT, type CommandContext } from './session.ts';
import { payloadOf, type Payload, type TaskOptions } from './task.ts';

type Given = TaskOptions & Record<string, unknown> & { option: Payload };

/** Adds the commands that print resources: `add`, `preview` and `resources`. */
export function addRenderCommands(program: Command, context: CommandContext): void {
  const catalogue = new RemoteCatalogue(context);
  const adding = addCommand(catalogue, context);
  const previewing = previewCommand(context);
  program.addCommand(adding).addCommand(previewing.command);
  program
    .command('resources')
    .description('list the resources of the catalogue with their options')
    .action(async () => {
      const { settings, signal } = context;
      console.log((await fetchCatalogue(settings(), signal)).list(settings().json ?? false));
    });
  // Before the command reads its arguments, so that the resource's options are known then.
  program.hook('preSubcommand', async (_program, command) => {
    const words = program.args.slice(1);
    if (words.every((word) => word.startsWith('-'))) return;
    if (command === adding) addOptionsOfSlug(command, words, await catalogue.get());
    if (command === previewing.command) addOptionsOfSlug(command, words, await previewing.catalogue());
  });
}

/** The catalogue of the service that the options name, asked for once. */
class RemoteCatalogue {
  readonly #context: CommandContext;
  #asked: Promise<Catalogue | undefined> | undefined;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** The catalogue; undefined when there is none, after a note on standard error. */
  get(): Promise<Catalogue | undefined> {
    this.#asked ??= this.#fetch();
    return this.#asked;
  }

  async #fetch(): Promise<Catalogue | undefined> {
    const { settings, signal } = this.#context;
    try {
      return await fetchCatalogue(settings(), signal);
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode !== EXIT.unreachable) throw error;
      process.stderr.write(`renderfleet: ${error.message} ${WITHOUT_CATALOGUE}\n`);
      return undefined;
    }
  }
}

const WITHOUT_CATALOGUE =
  'Without a catalogue, give options as --option name=value; only the renderer checks them.';

/**
 * Adds the options of the resource that the words behind a command name, wherever it stands among other options, so that the
 * help lists them and typing errors are found.
 */
function addOptionsOfSlug(
  command: Command,
  words: readonly string[],
  catalogue: Catalogue | undefined,
): void {
  const withValue = command.options
    .filter(({ required }) => required)
    .flatMap(({ short, long }) => [short, long]);
  const isValue = (place: number) => withValue.includes(words[place - 1]);
  const slug = words.find((word, place) => catalogue?.has(word) && !isValue(place)) ?? words[0];
  if (!catalogue || slug === undefined || slug.startsWith('-')) return;
  for (const option of resourceOptions(catalogue.find(slug))) command.addOption(option);
}

/** What `add` and `preview` share: the keys of every task, and the options of the resource by their names. */
function withTaskOptions(command: Command): Command {
  return command
    .option('--paper-size <size>', 'a4 or letter', 'a4')
    .option('--copies <number>', 'how many copies', '1')
    .option('--header-text <text>', 'text at the top of each page')
    .option('--name <name>', "the document's name in its footer and file name, instead of the resource's own")
    .option('--url <url>', 'address in the footer', '')
    .option('--template <file>', 'another frame, in a template directory')
    .option('--css <file>', 'another style sheet, in a static directory')
    .option('--tagged', 'make a PDF with a structure tree, for assistive software')
    .option(
      '--option <name=value>',
      'an option of the resource by its name in a task, as JSON or text; may be repeated',
      namedValues,
      {},
    )
    .option(
      '-o, --output <path>',
      'where the PDF goes: a folder, a file that ends in .pdf, or - for standard output',
      '.',
    );
}

function payloadFor(slug: string, catalogue: Catalogue | undefined, given: Given): Payload {
  const resource = catalogue?.find(slug);
  const chosen = resource ? chosenOptions(resource, given) : {};
  return payloadOf({ slug, name: resource?.name ?? slug }, given, { ...chosen, ...given.option });
}

function addCommand(catalogue: RemoteCatalogue, { inSession }: CommandContext): Command {
  return withTaskOptions(new Command('add'))
    .description('add a task for a resource, or one for each line of a file')
    .argument('[slug]', 'the resource; "renderfleet resources" lists them')
    .option(
      '-f, --file <path>',
      'instead of a resource, a file with one JSON task a line; - is standard input',
    )
    .option('--wait', 'wait for the PDF and save it')
    .option('--timeout <seconds>', 'with --wait: limit of the wait', integer(1, LIMITS.leaseSeconds), 300)
    .action(async (slug: string | undefined, _options, own: Command) => {
      const options = own.opts<Given & WaitingOptions & { file?: string }>();
      const { file } = options;
      if (file !== undefined && slug !== undefined) throw usage('Give a resource or --file, not both.');
      if (file === undefined && slug === undefined)
        throw usage('Name a resource, or give --file; "renderfleet resources" lists the resources.');
      const known = await catalogue.get();
      await inSession((session) =>
        slug === undefined
          ? addFile(session, String(file), options, known)
          : add(session, payloadFor(slug, known, options), options, known),
      );
    });
}

function previewCommand({ settings, signal }: CommandContext) {
  let previewer: Previewer | undefined;
  const open = async () => (previewer ??= new (await importPreview()).Previewer());
  const catalogue = async () => (await open()).catalogue();
  const command = withTaskOptions(new Command('preview'))
    .description('render one document on this machine, without a queue')
    .argument('<slug>', 'the resource')
    .option('--seed <text>', 'what random content is drawn from', 'preview')
    .action(async (slug: string, _options, own: Command) => {
      const options = own.opts<Given & { output: string; seed: string }>();
      const payload = payloadFor(slug, await catalogue(), options);
      const path = await (await open()).render(payload, { ...options, signal });
      if (options.output !== '-') console.log(settings().json ? JSON.stringify({ path }) : path);
    });
  return { command, catalogue };
}

/** Nothing else of the client loads the renderer, which takes longer to load than all the rest. */
async function importPreview() {
  try {
    return await import('./preview.ts');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw usage('preview needs a checkout of Renderfleet, which contains the renderer.');
  }
}

function usage(message: string): CliError {
  return new CliError(message, EXIT.usage);
}
