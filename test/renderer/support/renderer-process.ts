import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const statusSchema = z.object({
  idle: z.boolean(),
  held: z.number(),
  daemons: z.array(z.object({ state: z.string(), task: z.string().optional() })),
});

export interface RendererProcess {
  pid: number;
  url: string;
  status(): Promise<z.infer<typeof statusSchema>>;
  /** How many attempts at tasks had an outcome. */
  count(outcome: string): Promise<number>;
  /** Its log, one JSON object a line. */
  log(): string;
  /** Sends a signal and resolves to the exit code, null when the signal ended the process. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Runs a renderer with the tests' composer in a process of its own, on a free port and as `user`, if given. */
export async function startRendererProcess(
  environment: Record<string, string>,
  user: { uid?: number; gid?: number } = {},
): Promise<RendererProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const first = createInterface(child.stdout)[Symbol.asyncIterator]().next();
  const line = await Promise.race([first, exit.then(() => undefined)]);
  if (line === undefined || line.done) throw new Error(`The renderer exited before it was ready: ${log}`);
  const url = line.value;
  return {
    pid: child.pid ?? 0,
    url,
    status: async () => statusSchema.parse(await (await fetch(`${url}/status`)).json()),
    count: async (outcome) => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return Number(new RegExp(`tasks_total\\{outcome="${outcome}"\\} (\\d+)`).exec(metrics)?.[1]);
    },
    log: () => log,
    end: async (signal) => {
      child.kill(signal);
      return (await exit)[0];
    },
  };
}
