/** Runs one benchmark: `npm run bench -- NAME [ARGUMENT …]`. Each is a file of this folder that exports `run`. */
import { readdirSync } from 'node:fs';

const names = readdirSync(import.meta.dirname)
  .filter((file) => /^[a-z-]+\.ts$/.test(file) && file !== 'main.ts')
  .map((file) => file.slice(0, -'.ts'.length));
const [name = '', ...rest] = process.argv.slice(2);

if (names.includes(name)) {
  const { run } = (await import(`./${name}.ts`)) as { run: (args: string[]) => Promise<void> };
  await run(rest);
} else {
  console.error(`Usage: npm run bench -- NAME, one of: ${names.join(', ')}`);
  process.exitCode = 2;
}
