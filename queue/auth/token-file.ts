import type { Logger } from 'pino';
import { z } from 'zod';
import { SecretFile } from '../../service/secret.ts';
import { Authorization, authFileSchema, type AuthFile } from './authorization.ts';

/**
 * Authorizes by the tokens of a mounted file, which is read again when it changes; a changed file that is invalid leaves the
 * tokens as they were.
 *
 * @throws Error that names the file and what is wrong with it, without its contents
 */
export function watchAuthorization(
  path: string,
  logger: Logger,
): { authorization: Authorization; close: () => void } {
  const file = openTokenFile(path, logger, (tokens) => {
    authorization.replace(tokens);
  });
  const authorization = new Authorization(file.current);
  return {
    authorization,
    close: () => {
      file.close();
    },
  };
}

function openTokenFile(path: string, logger: Logger, onChange: (tokens: AuthFile) => void) {
  try {
    return new SecretFile(path, { parse: parseTokens, logger, onChange });
  } catch (error) {
    const why = (error as Error).message;
    throw new Error(`Cannot use the token file ${path} (QUEUE_AUTH_FILE): ${why}`, { cause: error });
  }
}

function parseTokens(text: string): AuthFile {
  const parsed = authFileSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new Error(`its tokens are invalid:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new Error('it is not valid JSON');
  }
}
