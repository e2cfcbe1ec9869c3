import Handlebars from 'handlebars';

/** A template of plain text, which is not escaped; never for HTML. Throws when its syntax is faulty. */
export function compileText(source: string): (data: Record<string, unknown>) => string {
  // Parsed here because `compile` itself puts that off until the first use.
  return Handlebars.compile(Handlebars.parse(source), { strict: true, noEscape: true });
}
