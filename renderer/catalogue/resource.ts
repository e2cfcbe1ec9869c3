import { z } from 'zod';
import { check, type Checked } from './options.ts';
import type { Area, PaperSize } from './paper.ts';
import type { Random } from './random.ts';

/** The data of one page for a resource's `page.hbs`, in addition to the task's keys. */
export type Page = Record<string, unknown>;

/** A resource with its options chosen. */
export interface Plan {
  options: Record<string, unknown>;
  /** The part of the file name in brackets. */
  subtitle(paper: PaperSize): string;
  /** The pages of one copy. If a copy draws no random number, all copies are identical and printed once. */
  pages(random: Random, area: Area): Page[];
}

/** A printable document that tasks can ask for. */
export interface Resource {
  name: string;
  /** One sentence. */
  description?: string | undefined;
  /** Options for its thumbnail, if the usual ones would show little. */
  example?: Record<string, unknown> | undefined;
  /** BCP 47 tag of the language of its text. */
  language: string;
  landscape: boolean;
  /** Whether scripts of its pages run. */
  javascript: boolean;
  /** JSON Schema (2020-12) of the options. */
  optionsSchema: Record<string, unknown>;
  /** Checks the resource's options among the keys of a task. */
  plan(task: Record<string, unknown>): Checked<Plan>;
}

/** The parts of a built-in resource. */
interface Definition<Shape extends z.ZodRawShape> {
  name: string;
  /** One sentence. */
  description?: string;
  /** Options for its thumbnail, if the usual ones would show little. */
  example?: Partial<z.output<z.ZodObject<Shape>>>;
  landscape?: boolean;
  /** The options, each made with `choice(…)`. */
  options: z.ZodObject<Shape>;
  subtitle(options: z.output<z.ZodObject<Shape>>, paper: PaperSize): string;
  /** A pure function: the same options, area and random sequence give the same pages. */
  pages(context: { options: z.output<z.ZodObject<Shape>>; random: Random; area: Area }): Page[];
}

/** A built-in resource; its folder `static/resources/<slug>/` holds `page.hbs` and art. */
export function defineResource<Shape extends z.ZodRawShape>(definition: Definition<Shape>): Resource {
  const { name, description, example, landscape = false, options: schema } = definition;
  return {
    name,
    description,
    example,
    language: 'en',
    landscape,
    javascript: false,
    // Other keys of a task are ignored, which a schema must say to whoever checks tasks by it.
    optionsSchema: z.toJSONSchema(schema.loose()),
    plan(task) {
      const checked = check(schema, task);
      if (checked.faults) return checked;
      const options = checked.value;
      return {
        value: {
          options,
          subtitle: (paper) => definition.subtitle(options, paper),
          pages: (random, area) => definition.pages({ options, random, area }),
        },
      };
    },
  };
}
