import { faults } from '../wire/faults.ts';

/** What `fields` selects: names, each with what is selected below it; `*` stands for every name. */
export type FieldSelection = Map<string, FieldSelection>;

const EVERYTHING: FieldSelection = new Map();
const NAME = /\s*(\*|[\w-]+)\s*/y;

/**
 * Parses Google's partial-response syntax: `a,b` selects several fields, `a/b` a nested one, `a(b,c)` several nested ones.
 * Throws a 400 fault that says where the syntax is wrong.
 */
export function parseFields(text: string): FieldSelection {
  const parser = new Parser(text);
  const selection = parser.list();
  parser.end();
  return selection;
}

/** The selected part of a JSON value; of an array, the selected part of each item. */
export function selectFields(value: unknown, selection: FieldSelection): unknown {
  if (selection.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => selectFields(item, selection));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    const below = selection.get(name) ?? selection.get('*');
    return below ? [[name, selectFields(inner, below)] as const] : [];
  });
  return Object.fromEntries(kept);
}

/** Whether a selection keeps the field at a path. */
export function selects(selection: FieldSelection, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined || selection.size === 0) return true;
  const below = selection.get(name) ?? selection.get('*');
  return below !== undefined && selects(below, rest);
}

/** The names of a value's fields, each with those below it; none below a scalar. */
export interface FieldNames {
  readonly [name: string]: FieldNames;
}

/** Throws a 400 fault for a selected name that does not exist. */
export function checkSelection(selection: FieldSelection, names: FieldNames): void {
  for (const [name, below] of selection) {
    const found =
      name === '*'
        ? (Object.assign({}, ...Object.values(names)) as FieldNames)
        : Object.hasOwn(names, name) && names[name];
    if (!found) throw faults.invalidParameter(`Invalid field selection ${name.slice(0, 100)}.`);
    checkSelection(below, found);
  }
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  list(): FieldSelection {
    const selection: FieldSelection = new Map();
    do this.#path(selection);
    while (this.#take(','));
    return selection;
  }

  end(): void {
    if (this.#at < this.#text.length) this.#fail();
  }

  #path(into: FieldSelection): void {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[1];
    if (!name) return this.#fail();
    this.#at = NAME.lastIndex;
    let below = EVERYTHING;
    if (this.#take('/')) {
      below = new Map();
      this.#path(below);
    } else if (this.#take('(')) {
      below = this.list();
      if (!this.#take(')')) this.#fail();
    }
    into.set(name, merge(into.get(name), below));
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #fail(): never {
    throw faults.invalidParameter(
      `fields is not a valid selection: syntax error at position ${this.#at} of ${this.#text.slice(0, 200)}.`,
    );
  }
}

function merge(first: FieldSelection | undefined, second: FieldSelection): FieldSelection {
  if (!first) return second;
  if (first.size === 0 || second.size === 0) return EVERYTHING;
  const both = new Map(first);
  for (const [name, below] of second) both.set(name, merge(both.get(name), below));
  return both;
}
