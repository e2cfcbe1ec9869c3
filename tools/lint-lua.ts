/** Checks the Redis scripts, each with what is put in front of it, for Lua 5.1 syntax and unknown global variables. */
import { parse, type Chunk, type Identifier } from 'luaparse';
import { SCRIPTS } from '../queue/store/redis/scripts/all.ts';

/** The globals of Redis' Lua that the scripts use; any other is a misspelt local variable. */
const GLOBALS = 'ARGV KEYS ipairs math pairs redis string tonumber unpack'.split(' ');

for (const [name, { lua }] of Object.entries(SCRIPTS)) {
  for (const problem of problemsIn(lua)) {
    console.error(`${name}: ${problem}`);
    process.exitCode = 1;
  }
}

function problemsIn(lua: string): string[] {
  try {
    const { globals } = parse(lua, { luaVersion: '5.1', scope: true, locations: true }) as Scoped;
    return globals
      .filter((identifier) => !GLOBALS.includes(identifier.name))
      .map((identifier) => `unknown global variable ${identifier.name} in: ${lineOf(lua, identifier)}`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { line, message } = error as SyntaxError & { line: number };
    return [`${message} in: ${textOf(lua, line)}`];
  }
}

/** What luaparse adds with the option `scope`. */
type Scoped = Chunk & { globals: Identifier[] };

function lineOf(lua: string, { loc }: Identifier): string {
  return textOf(lua, loc?.start.line ?? 0);
}

function textOf(lua: string, line: number): string {
  return lua.split('\n')[line - 1]?.trim() ?? '';
}
