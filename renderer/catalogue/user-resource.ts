import Handlebars from 'handlebars';
import { z } from 'zod';
import { TaskError } from '../print/document.ts';
import { jsonSchemaOptions } from './json-schema-options.ts';
import type { Resource } from './resource.ts';

/** `resource.json` of a user's own resource. */
const manifestSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1),
  description: z.string().optional(),
  language: z
    .string()
    .regex(/^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i, 'must be a BCP 47 tag such as en or mi-NZ')
    .default('en'),
  /** JSON Schema of an object with the options. */
  options: z.record(z.string(), z.unknown()).default({}),
  /** Values of options that thumbnails show. */
  example: z.record(z.string(), z.unknown()).optional(),
  /** Handlebars template of the part of the file name in brackets. */
  subtitle: z.string().default('{{paper}}'),
  /** What `page.hbs` gets for each page of a copy. */
  pages: z.array(z.record(z.string(), z.unknown())).min(1).default([{}]),
  landscape: z.boolean().default(false),
  javascript: z.boolean().default(false),
});

/**
 * Reads a user's `resource.json`.
 *
 * @param path what errors call the file
 * @throws TaskError when it is malformed
 */
export function userResource(json: string, path: string): Resource {
  try {
    const { options: optionsSchema, subtitle, pages, ...manifest } = manifestSchema.parse(JSON.parse(json));
    const check = jsonSchemaOptions(optionsSchema);
    const subtitleOf = compileText(subtitle);
    return {
      ...manifest,
      optionsSchema,
      plan(task) {
        const checked = check(task);
        if (checked.faults) return checked;
        const options = checked.value;
        const plan = {
          options,
          subtitle: (paper: string) => {
            try {
              return subtitleOf({ ...options, paper });
            } catch (error) {
              throw malformed(path, `subtitle: ${(error as Error).message}`, error);
            }
          },
          pages: () => pages,
        };
        return { value: plan };
      },
    };
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw malformed(path, reason, error);
  }
}

function malformed(path: string, reason: string, cause: unknown): TaskError {
  return new TaskError(`The resource ${path} is malformed: ${reason}`, { cause });
}

/** A template of plain text, which is not escaped, so never for HTML. Throws when its syntax is faulty. */
function compileText(source: string): (data: Record<string, unknown>) => string {
  // `compile` alone would report faulty syntax only at the first use.
  return Handlebars.compile(Handlebars.parse(source), { strict: true, noEscape: true });
}
