import { expect, test } from '@jest/globals';
import { documentPayload, failurePayload, linkPayload } from '../renderer/worker/result.ts';
import { readResult } from './result.ts';

const task = (payload: string) => ({ payloadBase64: Buffer.from(payload).toString('base64') });

test('what the renderer writes is read back', () => {
  const pdf = Buffer.from('%PDF-1.4');
  expect(readResult(task(documentPayload({ filename: 'Grid (a4).pdf', pdf })))).toEqual({
    kind: 'document',
    filename: 'Grid (a4).pdf',
    pdf,
  });
  expect(readResult(task(linkPayload('https://example.org/a.pdf')))).toEqual({
    kind: 'link',
    url: new URL('https://example.org/a.pdf'),
  });
  expect(readResult(task(failurePayload('no')))).toEqual({ kind: 'failure', error: 'no' });
});

test('a failure of an older renderer gives no reason', () => {
  const payload = '{"kind":"result#document","success":false,"filename":null,"document":null}';
  expect(readResult(task(payload))).toEqual({
    kind: 'failure',
    error: 'The task failed; no reason was given.',
  });
});

test.each(['', 'nonsense', '{}', '{"kind":"task#render"}', '{"kind":"result#document","success":true}'])(
  'what is no result is a failure that says so: %j',
  (payload) => {
    expect(readResult(task(payload))).toEqual({ kind: 'failure', error: 'The task does not hold a result.' });
  },
);
