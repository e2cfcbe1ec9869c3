import { randomUUID } from 'node:crypto';
import { METHODS, STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LIMITS } from '../wire/contract.ts';
import { errorEnvelope, QueueFault } from '../wire/faults.ts';
import { refuseOtherMethods } from '../http/fault-responses.ts';
import { HttpCaller } from '../http/http-caller.ts';
import {
  boundaryOf,
  formatMessage,
  formatMultipart,
  parsePart,
  parseRequest,
  splitMultipart,
  type Message,
  type PartRequest,
} from './multipart.ts';

export const BATCH_PATH = '/batch';

const API_PATH = '/taskqueue/v1beta2/';
const BODY_BYTES = 16 * 1024 * 1024;
/** Once the answers have this many bytes, or the calls have taken this long, the rest are not carried out. */
const ANSWER_BYTES = 16 * 1024 * 1024;
const CALLS_MS = 15_000;
/** Headers that a call takes from its part and that its answer carries; the others concern the outer connection. */
const REQUEST_HEADERS = ['authorization', 'content-type', 'if-match'];
const RESPONSE_HEADERS = ['content-type', 'etag', 'allow', 'retry-after', 'www-authenticate', 'x-request-id'];

/**
 * Serves several calls in one request, as Google's clients send them: `multipart/mixed` with parts of `application/http`. The
 * calls are carried out one after the other, each as if it had been sent alone.
 */
export function registerBatch(app: FastifyInstance): void {
  void app.register((batch, _options, done) => {
    batch.addContentTypeParser(
      'multipart/mixed',
      { parseAs: 'string', bodyLimit: BODY_BYTES },
      (_request, body, parsed) => {
        parsed(null, body);
      },
    );
    batch.post(BATCH_PATH, async (request, reply) => {
      const parts = partsOf(request);
      const boundary = `batch_${randomUUID()}`;
      const body = formatMultipart(await answerAll(app, request, reply, parts), boundary);
      return reply.type(`multipart/mixed; boundary=${boundary}`).send(body);
    });
    refuseOtherMethods(batch, BATCH_PATH, ['POST']);
    done();
  });
}

function partsOf(request: FastifyRequest): Message[] {
  const boundary = boundaryOf(request.headers['content-type']);
  if (boundary === undefined || typeof request.body !== 'string')
    throw new QueueFault(
      'invalidBatch',
      'The content type of a batch must be multipart/mixed with a boundary.',
    );
  const parts = splitMultipart(request.body, boundary);
  if (!parts)
    throw new QueueFault('parseError', `The batch does not end with its boundary, --${boundary}--.`);
  const { length } = parts;
  if (length === 0 || length > LIMITS.batchCalls)
    throw new QueueFault(
      'invalidBatch',
      `A batch must have 1 to ${LIMITS.batchCalls} calls; this one has ${length}.`,
    );
  return parts.map(parsePart);
}

/** One answer for each part, in order. */
async function answerAll(
  app: FastifyInstance,
  outer: FastifyRequest,
  reply: FastifyReply,
  parts: readonly Message[],
): Promise<Message[]> {
  const caller = new HttpCaller(reply);
  const deadline = performance.now() + CALLS_MS;
  const answers: Message[] = [];
  let bytes = 0;
  for (const [index, part] of parts.entries()) {
    if (caller.gone) break;
    const isLate = bytes > ANSWER_BYTES || performance.now() > deadline;
    const body = await answer(app, outer, part, index, isLate);
    bytes += body.length;
    answers.push({ headers: answerHeaders(part), body });
  }
  return answers;
}

function answerHeaders({ headers }: Message): Message['headers'] {
  const id = /^<([^<>]{1,500})>$/.exec(headers.get('content-id') ?? '')?.[1];
  const type = ['Content-Type', 'application/http'] as const;
  return new Map(id === undefined ? [type] : [type, ['Content-ID', `<response-${id}>`]]);
}

async function answer(
  app: FastifyInstance,
  outer: FastifyRequest,
  part: Message,
  index: number,
  isLate: boolean,
): Promise<string> {
  try {
    const { method, target, headers, body } = callOf(part);
    if (isLate)
      throw new QueueFault(
        'batchTooLong',
        'The batch took too long or its answers are too large: send the remaining calls again.',
      );
    const own = REQUEST_HEADERS.flatMap((name) => [[name, headers.get(name)] as const]);
    const given = [['authorization', outer.headers.authorization] as const, ...own].filter(
      ([, value]) => value !== undefined,
    );
    const {
      statusCode,
      headers: told,
      payload,
    } = await app.inject({
      method: method as 'GET',
      url: target,
      headers: { ...Object.fromEntries(given), 'x-request-id': `${outer.id.slice(0, 120)}.${index + 1}` },
      ...(body.trim() !== '' && { payload: body }),
    });
    return formatAnswer(
      statusCode,
      RESPONSE_HEADERS.map((name) => [name, told[name]]),
      payload,
    );
  } catch (error) {
    if (!(error instanceof QueueFault))
      outer.log.error({ requestId: outer.id, err: error }, 'call of a batch failed');
    const fault =
      error instanceof QueueFault ? error : new QueueFault('notReady', 'The call could not be carried out.');
    const type = ['content-type', 'application/json; charset=utf-8'] as const;
    return formatAnswer(fault.code, [type], errorEnvelope(fault.reason, fault.message));
  }
}

/** The call in a part; throws a 400 fault for what is wrong with it. */
function callOf({ headers, body }: Message): PartRequest {
  if (!/^application\/http\b/i.test(headers.get('content-type') ?? ''))
    throw new QueueFault('invalidBatch', 'The content type of a part must be application/http.');
  if (!/^(7bit|8bit|binary)?$/i.test(headers.get('content-transfer-encoding') ?? ''))
    throw new QueueFault(
      'invalidBatch',
      'The content transfer encoding of a part must be 7bit, 8bit or binary.',
    );
  const call = parseRequest(body);
  const url = call && URL.parse(call.target, 'http://queue');
  if (!call || !url || !METHODS.includes(call.method))
    throw new QueueFault('parseError', 'A part must hold an HTTP request, such as GET /path HTTP/1.1.');
  if (!url.pathname.startsWith(API_PATH))
    throw new QueueFault('invalidBatch', `A part must call a method of this API, below ${API_PATH}.`);
  if (!['', '0', null].includes(url.searchParams.get('waitSecs')))
    throw new QueueFault('invalidBatch', 'A call in a batch cannot wait: leave waitSecs out.');
  return { ...call, target: url.pathname + url.search };
}

function formatAnswer(
  code: number,
  headers: readonly (readonly [string, number | string | string[] | undefined])[],
  body: string,
): string {
  const told = headers.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  const length = ['content-length', String(Buffer.byteLength(body))] as const;
  const message = formatMessage({ headers: new Map([...told, length]), body });
  return `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}\r\n${message}`;
}
