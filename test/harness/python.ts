import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_MS = 240_000;
const SCRIPT_MS = 120_000;

/**
 * A Python with these packages, in a virtual environment that is kept between runs.
 * @param requirements exact, such as `google-api-python-client==2.149.0`
 * @returns the interpreter's path
 */
export async function pythonWith(requirements: readonly string[]): Promise<string> {
  const name = requirements.join('_').replace(/[^\w.-]+/g, '-');
  const folder = join(tmpdir(), 'renderfleet-python', name);
  const python = join(folder, 'bin', 'python');
  if (existsSync(join(folder, 'ready'))) return python;
  await mkdir(join(tmpdir(), 'renderfleet-python'), { recursive: true });
  // Built elsewhere and moved, so that a failed or concurrent attempt never looks complete.
  const attempt = `${folder}.${process.pid}`;
  await run('python3', ['-m', 'venv', attempt], { timeout: INSTALL_MS });
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...requirements];
  await run(join(attempt, 'bin', 'python'), install, { timeout: INSTALL_MS });
  await writeFile(join(attempt, 'ready'), '');
  await rename(attempt, folder).catch(() => rm(attempt, { recursive: true, force: true }));
  return python;
}

/** Runs a script. @returns its output; rejects with its error output if it fails */
export async function runPython(python: string, script: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(python, [script, ...args], { timeout: SCRIPT_MS });
  return stdout;
}
