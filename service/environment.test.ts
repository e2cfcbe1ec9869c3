import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  decimal,
  fileText,
  flag,
  httpUrl,
  readEnvironment,
  serviceConfig,
  serviceEnvironment,
  wholeNumber,
} from './environment.ts';

const shape = {
  ...serviceEnvironment,
  ADDRESS: httpUrl.optional(),
  LIMIT: wholeNumber(1).default(3),
  SECONDS: decimal(0.1, 60).default(5),
  SAFE: flag.default(true),
};

test('an empty variable counts as unset, and unset ones have their defaults', () => {
  const values = readEnvironment(shape, { PORT: '', ADDRESS: '', SECONDS: '0.5', OTHER: 'x' });
  expect(values).toEqual({
    HOST: '0.0.0.0',
    PORT: 8080,
    LOG_LEVEL: 'info',
    ADDRESS: undefined,
    LIMIT: 3,
    SECONDS: 0.5,
    SAFE: true,
  });
  expect(serviceConfig(values)).toEqual({ host: '0.0.0.0', port: 8080, logLevel: 'info' });
});

test('one error names every invalid variable and what is allowed', () => {
  const wrong = {
    PORT: '-1.5',
    LOG_LEVEL: 'loud',
    ADDRESS: 'ftp://x',
    LIMIT: '0',
    SECONDS: 'x',
    SAFE: 'perhaps',
  };
  expect(() => readEnvironment(shape, wrong)).toThrow(
    new Error(
      [
        'Invalid configuration:',
        'PORT: must be a whole number from 0 to 65535',
        'LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent',
        'ADDRESS: must be a URL with http or https',
        'LIMIT: must be a whole number of at least 1',
        'SECONDS: must be a number from 0.1 to 60',
        'SAFE: must be true or false',
      ].join('\n  '),
    ),
  );
});

test('rules across variables are reported together with the others, on the valid values', () => {
  const rules = ({ LIMIT = 0, PORT }: { LIMIT?: number; PORT?: number }) =>
    LIMIT > 5 && PORT === undefined ? ['LIMIT: must be at most 5'] : [];
  expect(() => readEnvironment(shape, { LIMIT: '6', PORT: 'x' }, rules)).toThrow(
    /^Invalid configuration:\n {2}PORT: [^\n]*\n {2}LIMIT: must be at most 5$/,
  );
});

test('the text of a file is trimmed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'environment-'));
  const path = join(folder, 'password');
  await writeFile(path, 'secret\n');
  expect(readEnvironment({ FILE: fileText.optional() }, { FILE: path })).toEqual({ FILE: 'secret' });
  await rm(folder, { recursive: true });
  expect(() => readEnvironment({ FILE: fileText }, { FILE: path })).toThrow(
    `FILE: ${path} cannot be read (ENOENT)`,
  );
});
