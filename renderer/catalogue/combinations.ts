/**
 * Every combination of a resource's options, by the values that its JSON Schema lists; a key that is given keeps its value,
 * and keys beside the options are kept too.
 */
export function combinations(
  schema: Record<string, unknown>,
  given: Record<string, unknown> = {},
): Record<string, unknown>[] {
  const properties = (schema.properties ?? {}) as Record<string, { enum?: unknown[]; const?: unknown }>;
  return Object.entries(properties).reduce(
    (found, [key, { enum: listed, const: only }]) => {
      const values = key in given ? [given[key]] : (listed ?? [only]);
      return found.flatMap((options) => values.map((value) => ({ ...options, [key]: value })));
    },
    [given],
  );
}
