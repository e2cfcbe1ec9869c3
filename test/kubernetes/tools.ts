import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The path of a tool: from KUBEBUILDER_ASSETS, otherwise from the PATH. */
export function toolPath(name: string): string {
  const asset = join(process.env.KUBEBUILDER_ASSETS ?? '', name);
  return process.env.KUBEBUILDER_ASSETS && existsSync(asset) ? asset : name;
}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a tool and resolves whatever its exit code; `input` goes to its standard input. Kills it after `timeoutMs`. */
export function run(
  name: string,
  args: readonly string[],
  { input = '', timeoutMs = 60_000 }: { input?: string | Buffer; timeoutMs?: number } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const options = { timeout: timeoutMs, maxBuffer: 2 ** 28 };
    const child = execFile(toolPath(name), args, options, (error, stdout, stderr) => {
      const code = error?.code;
      if (error && typeof code !== 'number') reject(new Error(`${name} ${args.join(' ')}: ${error.message}`));
      else resolve({ code: typeof code === 'number' ? code : 0, stdout, stderr });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Runs a tool that must succeed. Resolves to its standard output. */
export async function output(
  name: string,
  args: readonly string[],
  options?: { input?: string; timeoutMs?: number },
): Promise<string> {
  const { code, stdout, stderr } = await run(name, args, options);
  if (code !== 0) throw new Error(`${name} ${args.join(' ')} exited with ${code}: ${stderr || stdout}`);
  return stdout;
}
