import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { QueueFault } from '../wire/faults.ts';
import type { QueueRef } from '../store/task-store.ts';

/** What a token may do: insert; list, get, lease, update, patch and delete; all; or see a queue's counts only. */
export const ROLES = ['producer', 'consumer', 'admin', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What a route asks for. */
export type Permission = 'insert' | 'consume' | 'view';

const PERMISSIONS: Record<Role, readonly Permission[]> = {
  producer: ['insert'],
  consumer: ['consume', 'view'],
  admin: ['insert', 'consume', 'view'],
  viewer: ['view'],
};

/** The file of tokens. A grant names its queues as `queue`, `project/queue` or `*`. */
export const authFileSchema = z.strictObject({
  tokens: z.array(
    z
      .strictObject({
        name: z.string().min(1),
        token: z.string().min(16, 'must be at least 16 characters').optional(),
        tokenSha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')
          .optional(),
        grants: z.array(
          z.strictObject({ role: z.enum(ROLES), queues: z.array(z.string().min(1)).default(['*']) }),
        ),
      })
      .refine(({ token, tokenSha256 }) => (token === undefined) !== (tokenSha256 === undefined), {
        message: 'must have either token or tokenSha256',
      }),
  ),
});
export type AuthFile = z.infer<typeof authFileSchema>;

interface Holder {
  name: string;
  digest: Buffer;
  grants: AuthFile['tokens'][number]['grants'];
}

/** Decides who may do what with which queue. */
export class Authorization {
  #holders: readonly Holder[];

  constructor(file: AuthFile) {
    this.#holders = holdersOf(file);
  }

  /** Takes another file's tokens from now on. */
  replace(file: AuthFile): void {
    this.#holders = holdersOf(file);
  }

  /**
   * Throws 401 without a known token, 403 beyond its grants.
   *
   * @param header the Authorization header
   * @param queueAsked looked up for known tokens only, so that nobody else learns which queues there are
   */
  require(header: string | undefined, permission: Permission, queueAsked: () => QueueRef): void {
    const token = /^Bearer +([^ ]+) *$/i.exec(header ?? '')?.[1];
    if (token === undefined) throw new QueueFault('authError', 'A bearer token is required.');
    const holder = this.#find(token);
    if (!holder) throw new QueueFault('authError', 'The bearer token is not known.');
    const queue = queueAsked();
    const may = holder.grants.some(
      ({ role, queues }) => PERMISSIONS[role].includes(permission) && covers(queues, queue),
    );
    if (!may)
      throw new QueueFault(
        'forbidden',
        `The bearer token may not ${permission} tasks of queue ${queue.queue}.`,
      );
  }

  /** The names of those who hold a role in a queue. */
  holders(role: Role, queue: QueueRef): string[] {
    return this.#holders
      .filter(({ grants }) => grants.some((grant) => grant.role === role && covers(grant.queues, queue)))
      .map(({ name }) => name);
  }

  /** Compares with every token, each in constant time, so that the time taken tells nothing about any. */
  #find(token: string): Holder | undefined {
    const digest = sha256(token);
    let found: Holder | undefined;
    for (const holder of this.#holders) if (timingSafeEqual(holder.digest, digest)) found = holder;
    return found;
  }
}

function holdersOf({ tokens }: AuthFile): Holder[] {
  return tokens.map(({ name, token, tokenSha256, grants }) => ({
    name,
    digest: token === undefined ? Buffer.from(tokenSha256 ?? '', 'hex') : sha256(token),
    grants,
  }));
}

function covers(queues: readonly string[], { project, queue }: QueueRef): boolean {
  return queues.some((name) => name === '*' || name === queue || name === `${project}/${queue}`);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
