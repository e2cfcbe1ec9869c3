import { combinations } from '../renderer/catalogue/usual-options.ts';
import { openTaskPrinter, type TaskPrinter } from '../test/harness/printer.ts';
import { table } from '../cli/format.ts';
import { median } from './support/figures.ts';

const COPIES = 30;
/** The first prints are slow whatever is printed. */
const WARM_UP = 20;
const COMMON_KEYS = new Set(['kind', 'resource_view', 'resource_name', 'url', 'copies']);

interface Measured {
  slug: string;
  /** Bytes of one copy as Chromium printed it, of the finished PDF with one copy, and with thirty. */
  printed: number;
  one: number;
  thirty: number;
  /** Milliseconds from task to PDF. */
  oneTime: number;
  thirtyTime: number;
  /** Whether the copies are identical. */
  identical: boolean;
}

/**
 * Size of the documents and the time to make them, compared with what Chromium printed: every resource with every option on
 * both papers, one copy and thirty.
 */
export async function run(): Promise<void> {
  const printer = await openTaskPrinter();
  try {
    const rows: { measured: Measured; cells: string[] }[] = [];
    for (const task of await allTasks(printer)) {
      if (rows.length === 0) for (let time = 0; time < WARM_UP; time++) await printer.print(task);
      const measured = await measure(printer, task);
      rows.push({ measured, cells: [describe(task), ...cellsOf([measured])] });
    }
    const all = rows.map(({ measured }) => measured);
    const bySlug = Map.groupBy(all, ({ slug }) => slug);
    console.log(
      table(
        ['document', ...COLUMNS],
        rows.map(({ cells }) => cells),
      ),
    );
    console.log(`\nMedians over all options and both papers (bytes, milliseconds, ×: ratio to one copy):\n`);
    const medians = [...bySlug].map(([slug, measured]) => [slug, ...cellsOf(measured)]);
    console.log(table(['resource', ...COLUMNS], [...medians, ['all', ...cellsOf(all)]]));
    console.log(
      `\nThirty copies against one, medians, where the copies are identical and where each is different:\n`,
    );
    const kinds = [true, false].map((kind) => all.filter(({ identical }) => identical === kind));
    console.log(
      table(
        ['copies', ...COLUMNS],
        kinds.map((kind, index) => [index === 0 ? 'identical' : 'different', ...cellsOf(kind)]),
      ),
    );
  } finally {
    await printer.close();
  }
}

const COLUMNS = ['Chromium', 'one copy', 'of it', '30 copies', '×', 'one, ms', '30, ms', '×'];

function cellsOf(measured: Measured[]): string[] {
  const of = (pick: (one: Measured) => number, digits = 0) => median(measured.map(pick)).toFixed(digits);
  return [
    of(({ printed }) => printed),
    of(({ one }) => one),
    of(({ one, printed }) => one / printed, 2),
    of(({ thirty }) => thirty),
    of(({ one, thirty }) => thirty / one, 2),
    of(({ oneTime }) => oneTime, 1),
    of(({ thirtyTime }) => thirtyTime, 1),
    of(({ oneTime, thirtyTime }) => thirtyTime / oneTime, 2),
  ];
}

async function allTasks({ catalogue }: TaskPrinter): Promise<Record<string, unknown>[]> {
  const tasks = [];
  for (const entry of await catalogue.list()) {
    if ('fault' in entry) throw new Error(entry.fault);
    const { slug, resource } = entry;
    const common = { resource_slug: slug, resource_view: slug, resource_name: resource.name };
    for (const paper_size of ['a4', 'letter']) {
      for (const options of combinations(resource.optionsSchema)) {
        const url = `example.org/resources/${slug}`;
        tasks.push({ kind: 'task#render', ...common, url, copies: 1, paper_size, ...options });
      }
    }
  }
  return tasks;
}

async function measure(printer: TaskPrinter, task: Record<string, unknown>): Promise<Measured> {
  const [one, oneTime] = await timed(() => printer.print(task));
  const [thirty, thirtyTime] = await timed(() => printer.print({ ...task, copies: COPIES }));
  return {
    slug: String(task.resource_slug),
    printed: one.printedBytes,
    one: one.pdf.length,
    thirty: thirty.pdf.length,
    oneTime,
    thirtyTime,
    identical: thirty.printedBytes === one.printedBytes,
  };
}

async function timed<T>(work: () => Promise<T>): Promise<[result: T, milliseconds: number]> {
  const start = performance.now();
  const result = await work();
  return [result, performance.now() - start];
}

function describe({ resource_slug, ...task }: Record<string, unknown>): string {
  const rest = Object.entries(task).filter(([key]) => !COMMON_KEYS.has(key));
  return [resource_slug, ...rest.map(([, value]) => value)].join(' ');
}
