import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Environment variables, as in process.env. */
export type Environment = Record<string, string | undefined>;

type Values<S extends z.ZodRawShape> = z.output<z.ZodObject<S>>;

/**
 * Reads the variables of a shape, one schema each. A variable that is empty counts as unset, as in Kubernetes manifests and
 * env files.
 *
 * @param rules faults that concern several variables, each as `NAME: what is allowed`; values of invalid variables are
 *   missing from its argument
 * @throws Error that names every invalid variable and what is allowed, one on a line
 */
export function readEnvironment<S extends z.ZodRawShape>(
  shape: S,
  environment: Environment,
  rules: (values: Partial<Values<S>>) => string[] = () => [],
): Values<S> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, schema] of Object.entries(shape)) {
    const parsed = z.safeParse(schema, given[name], { error: whatIsAllowed });
    if (parsed.success) values[name] = parsed.data;
    else
      faults.push(`${name}: ${[...new Set(parsed.error.issues.map(({ message }) => message))].join(', ')}`);
  }
  faults.push(...rules(values as Partial<Values<S>>));
  if (faults.length > 0) throw new Error(`Invalid configuration:\n  ${faults.join('\n  ')}`);
  return values as Values<S>;
}

/** The message of an issue for which the schema has none. */
function whatIsAllowed(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === 'invalid_value' ? `must be one of ${issue.values.map(String).join(', ')}` : undefined;
}

/** A whole number within bounds, both allowed. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  const error = `must be a whole number ${range(least, most)}`;
  return z.coerce.number<string>({ error }).int({ error }).min(least, { error }).max(most, { error });
}

/** A number within bounds, both allowed. */
export function decimal(least: number, most: number) {
  const error = `must be a number ${range(least, most)}`;
  return z.coerce.number<string>({ error }).min(least, { error }).max(most, { error });
}

function range(least: number, most: number): string {
  return most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
}

/** A switch: true or false, also written 1 or 0, yes or no, on or off. */
export const flag = z.stringbool({ error: 'must be true or false' });

/** An address of a service. */
export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be a URL with http or https' });

/** API_DISCOVERY_URL as existing deployments write it; its value is the queue service's root, the part before `/api/`. */
export const discoveryUrl = httpUrl
  .default('http://127.0.0.1:8080/api/{api}/{apiVersion}')
  .refine((url) => url.includes('/api/'), 'must end in /api/{api}/{apiVersion}, literally or with names')
  .transform((url) => url.slice(0, url.lastIndexOf('/api/')));

/** The text of a mounted file, such as a certificate or a password, without the white space around it. */
export const fileText = z.string().transform((path, context): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    context.addIssue({ code: 'custom', message: `${path} cannot be read (${code})` });
    return z.NEVER;
  }
});

/** The variables that every service has: where it listens and what it logs. */
export const serviceEnvironment = {
  HOST: z.string().default('0.0.0.0'),
  PORT: wholeNumber(0, 65_535).default(8080),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
};

/** What a service does with them. */
export interface ServiceConfig {
  host: string;
  /** 0: any free port. */
  port: number;
  logLevel: string;
}

/** The part of a service's configuration that every service has. */
export function serviceConfig(values: Values<typeof serviceEnvironment>): ServiceConfig {
  return { host: values.HOST, port: values.PORT, logLevel: values.LOG_LEVEL };
}
