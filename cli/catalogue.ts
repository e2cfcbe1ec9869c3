import { z } from 'zod';
import { allowedValues } from '../queue/wire/option-schema.ts';
import { table } from './format.ts';
import { CliError, EXIT, type GlobalOptions } from './session.ts';

const TIMEOUT_MS = 5000;

// Of an option's schema only what the client reads; one that it cannot read allows everything here, and the renderer checks.
const optionSchema = z
  .looseObject({
    description: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    examples: z.array(z.unknown()).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  })
  .catch({});
const objectSchema = z.looseObject({ properties: z.record(z.string(), optionSchema).default({}) });
const resourceSchema = z.looseObject({ slug: z.string(), name: z.string(), options: objectSchema });
const malformedSchema = z.looseObject({ slug: z.string(), fault: z.string() });
const catalogueSchema = z.object({
  task: objectSchema.default({ properties: {} }),
  resources: z.array(z.union([malformedSchema, resourceSchema])),
});

/** A JSON Schema (2020-12) of an object. */
export type ObjectSchema = z.output<typeof objectSchema>;
/** A document that can be printed, with the schema of its options. */
export type Resource = z.output<typeof resourceSchema>;

/** What a service can print, as its `GET /catalogue` describes it. */
export class Catalogue {
  /** The schema of the keys that every task has. */
  readonly task: ObjectSchema;
  readonly resources: readonly (Resource | z.output<typeof malformedSchema>)[];

  /** @throws ZodError when the answer does not describe a catalogue */
  constructor(answer: unknown) {
    const { task, resources } = catalogueSchema.parse(answer);
    this.task = task;
    this.resources = resources;
  }

  has(slug: string): boolean {
    return this.resources.some((resource) => resource.slug === slug);
  }

  /**
   * The resource of a slug, which old producers write as the name of a Python module, with underscores and `.py`.
   *
   * @throws CliError that names the resources there are, or what is wrong with this one
   */
  find(slug: string): Resource {
    const name = slug.replace(/\.py$/, '');
    const found = [name, name.replaceAll('_', '-')].flatMap((wanted) =>
      this.resources.filter((resource) => resource.slug === wanted),
    )[0];
    if (!found) {
      const known = this.resources.map((resource) => resource.slug).join(', ');
      throw new CliError(
        `Resource ${JSON.stringify(slug)} not found; known resources: ${known}.`,
        EXIT.usage,
      );
    }
    if (isMalformed(found)) throw new CliError(found.fault, EXIT.usage);
    return found;
  }

  /** The resources with their options: a table, or one JSON value a line. */
  list(json: boolean): string {
    if (json) return this.resources.map((resource) => JSON.stringify(resource)).join('\n');
    return table(['SLUG', 'NAME', 'OPTIONS'], this.resources.map(row));
  }
}

/**
 * Asks a service for its catalogue.
 *
 * @throws CliError when the service cannot be reached or has no catalogue
 */
export async function fetchCatalogue(options: GlobalOptions, signal: AbortSignal): Promise<Catalogue> {
  const { queueUrl, token, catalogueUrl = queueUrl } = options;
  const url = new URL(`${catalogueUrl.replace(/(\/catalogue)?\/?$/, '')}/catalogue`);
  // The token is for the queue service only.
  const isTrusted = token !== undefined && url.origin === new URL(queueUrl).origin;
  try {
    const response = await fetch(url, {
      headers: isTrusted ? { authorization: `Bearer ${token}` } : {},
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return new Catalogue(await response.json());
  } catch (error) {
    signal.throwIfAborted();
    throw new CliError(
      `No catalogue at ${url.href}: ${why(error)}. Name a service that has one with --catalogue-url: "npm start", or a renderer.`,
      EXIT.unreachable,
    );
  }
}

function why(error: unknown): string {
  const { cause, message, name } = error as Error;
  if (name === 'ZodError' || name === 'SyntaxError') return 'the answer is not a catalogue';
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}

function isMalformed(resource: Catalogue['resources'][number]): resource is z.output<typeof malformedSchema> {
  return 'fault' in resource;
}

function row(resource: Catalogue['resources'][number]): string[] {
  if (isMalformed(resource)) return [resource.slug, '-', resource.fault.replaceAll(/\s*\n\s*/g, ' ')];
  const options = Object.entries(resource.options.properties).map(([key, schema]) => {
    const allowed = allowedValues(schema) ?? [schema.type ?? 'any'].flat();
    return `${key} (${allowed.join(', ')})`;
  });
  return [resource.slug, resource.name, options.join('; ')];
}
