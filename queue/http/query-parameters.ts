import { faults } from '../wire/faults.ts';

/** The parsed query of a request, as Node's querystring gives it. */
export type QueryParameters = Record<string, string | string[] | undefined>;

/** A parameter's only value; a repeated one is a fault. */
export function single(query: QueryParameters, name: string): string | undefined {
  const value = query[name];
  if (Array.isArray(value)) throw faults.invalidParameter(`${name} must be given once.`);
  return value;
}

/** An integer within bounds, both included; absent when it is not given. */
export function integer(
  query: QueryParameters,
  name: string,
  { min, max }: { min: number; max: number },
): number | undefined {
  const text = single(query, name);
  if (text === undefined || text === '') return undefined;
  if (!/^-?\d+$/.test(text)) throw faults.invalidParameter(`${name} must be an integer.`);
  const value = Number(text);
  if (value < min || value > max) throw faults.invalidParameter(`${name} must be between ${min} and ${max}.`);
  return value;
}

/** As integer(), but the parameter has to be there. */
export function requiredInteger(
  query: QueryParameters,
  name: string,
  bounds: { min: number; max: number },
): number {
  const value = integer(query, name, bounds);
  if (value === undefined) throw faults.required(name);
  return value;
}

/** `true`, `false`, `1` or `0`; false when it is not given. */
export function boolean(query: QueryParameters, name: string, absent = false): boolean {
  const text = single(query, name);
  if (text === undefined || text === '') return absent;
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw faults.invalidParameter(`${name} must be true or false.`);
}
