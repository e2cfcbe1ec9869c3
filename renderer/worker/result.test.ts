import { describe, expect, test } from '@jest/globals';
import { taskIdSchema } from '../../queue/wire/contract.ts';
import { documentNameOf, documentPayload, encodedSize, failurePayload, linkPayload } from './result.ts';
import { resultIdOf } from '../../queue/wire/render.ts';

describe('the id of a result', () => {
  const long = 'x'.repeat(500);

  test.each(['a', 'worksheet_7-b', long])('of %.20s is a valid name that shows the task', (id) => {
    expect(taskIdSchema.safeParse(resultIdOf(id)).success).toBe(true);
    expect(resultIdOf(id)).toContain(id.slice(0, 470));
  });

  test('is the same each time, and different even for similar tasks', () => {
    expect(resultIdOf(long)).toBe(resultIdOf(long));
    expect(resultIdOf(`${long.slice(0, 499)}y`)).not.toBe(resultIdOf(long));
    expect(resultIdOf(resultIdOf('a'))).not.toBe(resultIdOf('a'));
  });

  test('gives a short name for the saved document', () => {
    expect(documentNameOf(long)).toMatch(/^[\w-]{22}\.pdf$/);
  });
});

describe('the payload of a result', () => {
  test('carries the document', () => {
    const pdf = Buffer.from('%PDF-1.4 …');
    expect(JSON.parse(documentPayload({ filename: 'Grid "a4".pdf', pdf }))).toEqual({
      kind: 'result#document',
      success: true,
      filename: 'Grid "a4".pdf',
      document: pdf.toString('base64'),
    });
  });

  test('says where the document is', () => {
    const url = 'https://files.example/a.pdf';
    expect(JSON.parse(linkPayload(url))).toEqual({ kind: 'result#link', success: true, url });
  });

  test('says why there is none', () => {
    expect(JSON.parse(failurePayload('Too long.'))).toEqual({
      kind: 'result#document',
      success: false,
      filename: null,
      document: null,
      error: 'Too long.',
    });
  });

  test('is as large in the queue as its task in JSON', () => {
    const id = resultIdOf('a');
    const task = { queueName: '', payloadBase64: Buffer.alloc(1000).toString('base64'), id, tag: 'result' };
    expect(encodedSize(id, 1000)).toBe(JSON.stringify(task).length);
  });
});
