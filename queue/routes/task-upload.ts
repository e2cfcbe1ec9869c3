import type { FastifyInstance } from 'fastify';
import { encodingFault } from '../http/body-parsers.ts';
import { refuseOtherMethods } from '../http/fault-responses.ts';
import { Presentation } from '../http/presentation.ts';
import { single } from '../http/query-parameters.ts';
import { QUEUE_PATH, queueOf } from '../http/queue-path.ts';
import { LIMITS } from '../wire/contract.ts';
import { faults } from '../wire/faults.ts';
import type { QueueService } from './queue-service.ts';
import { checkedTag, givenId } from './task-body.ts';
import { withEtag, type QueueRoute } from './task-routes.ts';

const UPLOAD_PATH = `/upload${QUEUE_PATH}/tasks`;

/**
 * tasks.insert as Google's simple media upload: the body is the payload itself, of any content type, and `id` and `tag` are
 * in the query. A payload that is base64 inside, such as a result with its document, grows by a third once, not twice.
 */
export function registerTaskUpload(app: FastifyInstance, { store, settings, json }: QueueService): void {
  void app.register((upload, _options, done) => {
    upload.removeAllContentTypeParsers();
    upload.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: LIMITS.payloadBytes },
      (request, body, parsed) => {
        parsed(encodingFault(request), body);
      },
    );
    upload.post<QueueRoute>(UPLOAD_PATH, { config: { permission: 'insert' } }, async (request, reply) => {
      const queue = queueOf(request.params, settings);
      const { query, headers } = request;
      const answer = new Presentation(query, 'Task', headers.prefer);
      const type = single(query, 'uploadType');
      if (type !== undefined && type !== 'media') throw faults.invalidParameter('uploadType must be media.');
      const tag = single(query, 'tag');
      const payload = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const id = givenId(single(query, 'id'));
      const task = await store.insert(queue, {
        id,
        payload,
        tag: tag === undefined ? undefined : checkedTag(tag),
      });
      const stored = answer.payload ? { ...task, payload } : task;
      return answer.send(withEtag(reply, task), json.task(queue.queue, stored));
    });
    refuseOtherMethods(upload, UPLOAD_PATH, ['POST']);
    done();
  });
}
