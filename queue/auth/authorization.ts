import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { QueueFault } from '../wire/faults.ts';
import type { QueueRef } from '../store/task-store.ts';

/** The roles of a token; PERMISSIONS says what each allows. */
const ROLES = ['producer', 'consumer', 'admin', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What a route requires. */
export type Permission = 'insert' | 'consume' | 'view';

const PERMISSIONS: Record<Role, readonly Permission[]> = {
  producer: ['insert'],
  consumer: ['consume', 'view'],
  admin: ['insert', 'consume', 'view'],
  viewer: ['view'],
};

/** The token file. A grant names its queues as `queue`, `project/queue` or `*`. */
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

/** Decides what the holder of a token may do with a queue. */
export class Authorization {
  #holders: readonly Holder[];

  constructor(file: AuthFile) {
    this.#holders = holdersOf(file);
  }

  /** Replaces all tokens by those of another file. */
  replace(file: AuthFile): void {
    this.#holders = holdersOf(file);
  }

  /**
   * Throws a 401 fault without a known token and a 403 fault for what its grants do not allow.
   *
   * @param header the Authorization header
   * @param queueAsked called for known tokens only, so that nobody else learns which queues exist
   */
  require(header: string | undefined, permission: Permission, queueAsked: () => QueueRef): void {
    const token = /^Bearer +([^ ]+) *$/i.exec(header ?? '')?.[1];
    if (token === undefined) throw new QueueFault('authError', 'A bearer token is required.');
    const holder = this.#find(token);
    if (!holder) throw new QueueFault('authError', 'The bearer token is unknown.');
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

  /** The names of the tokens with a role in a queue. */
  holders(role: Role, queue: QueueRef): string[] {
    return this.#holders
      .filter(({ grants }) => grants.some((grant) => grant.role === role && covers(grant.queues, queue)))
      .map(({ name }) => name);
  }

  /** Compares with every token, each in constant time, so that the time reveals nothing about any of them. */
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
