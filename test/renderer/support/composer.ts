import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Compose } from '../../../renderer/compose/compose.ts';
import { TaskError } from '../../../renderer/print/document.ts';

/** The payload of the tests' tasks. */
const payloadSchema = z.object({
  body: z.string().default('text'),
  javascript: z.boolean().default(false),
  repeat: z.int().min(1).default(1),
  /** Duration of composing. */
  seconds: z.number().default(0),
  fail: z.string().optional(),
});
export type TestPayload = z.input<typeof payloadSchema>;

/** Composes the tests' documents: slow ones, broken ones, or a page around the body given. */
export const testComposer: Compose = async (payload) => {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success)
    throw new TaskError(parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join());
  const { body, seconds, fail, javascript, repeat } = parsed.data;
  await sleep(seconds * 1000);
  if (fail !== undefined) throw new Error(fail);
  const html = `<!doctype html><style>@page{size:A4}</style><body>${body}`;
  return { html, filename: 'test.pdf', javascript, repeat, language: 'en', tagged: false };
};
