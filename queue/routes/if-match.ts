import type { Fence } from '../store/task-store.ts';

/**
 * The leases that an If-Match header (RFC 9110, section 13.1.1) names; absent when there is none, or `*`. Weak tags and those
 * that no lease can have match nothing.
 */
export function parseIfMatch(header: string | undefined): Fence {
  if (header === undefined || header.trim() === '*') return undefined;
  return header.split(',').flatMap((tag) => {
    const digits = /^\s*(?:"(\d{1,16})"|(\d{1,16}))\s*$/.exec(tag);
    return digits ? [Number(digits[1] ?? digits[2])] : [];
  });
}
