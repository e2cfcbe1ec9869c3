import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEAD_LETTER_ID_ROOM, LEASE_END_SLOT, STATS_SECONDS } from '../../rules.ts';

/**
 * A queue's keys in the order in which every script takes them; prelude.lua says what each holds. The last is a channel, whose
 * name replicas of all versions must share.
 */
export const KEY_NAMES = [
  'eta',
  'tags',
  'tasks',
  'payloads',
  'state',
  'tombstones',
  'ends',
  'notices',
] as const;

/** What a published message begins with, by the kind of the event; the rest of it is the tag. */
export const EVENT_SIGNS = { available: '+', removed: '-' } as const;

/** How many counts a period of the statistics is divided into. */
const RING_SIZE = 60;
/** Microseconds that one count covers. */
const unit = (seconds: number) => (seconds / RING_SIZE) * 1e6;

const PRELUDE = `
${namesOfKeys('', 1)}
local SLOT, DEAD_LETTER_ID_ROOM = ${LEASE_END_SLOT}, ${DEAD_LETTER_ID_ROOM}
local AVAILABLE, REMOVED = '${EVENT_SIGNS.available}', '${EVENT_SIGNS.removed}'
local MINUTE, HOUR, RING_SIZE = 's', 'm', ${RING_SIZE}
local RINGS = { [MINUTE] = ${unit(STATS_SECONDS.minute)}, [HOUR] = ${unit(STATS_SECONDS.hour)} }
${read('prelude')}`;

const onQueue = (name: string) => ({ lua: PRELUDE + read(name), numberOfKeys: KEY_NAMES.length });

/** All scripts by the ioredis command that runs them, each with what it needs in front of it. */
export const SCRIPTS = {
  taskInsert: onQueue('insert'),
  taskLease: {
    lua: `${PRELUDE}${namesOfKeys('DEAD_', KEY_NAMES.length + 1)}\n${read('lease')}`,
    numberOfKeys: 2 * KEY_NAMES.length,
  },
  taskRenew: onQueue('renew'),
  taskRelease: onQueue('release'),
  taskDelete: onQueue('delete'),
  taskGet: onQueue('get'),
  taskList: onQueue('list'),
  taskStats: onQueue('stats'),
  storeProbe: { lua: read('probe'), numberOfKeys: 1 },
  storeLayout: { lua: read('layout'), numberOfKeys: 2 },
};

/** Lua that gives the keys of one queue their names: KEYS from `first` on. */
function namesOfKeys(prefix: string, first: number): string {
  const names = KEY_NAMES.map((name) => prefix + name.toUpperCase());
  return `local ${names.join(', ')} = unpack(KEYS, ${first}, ${first + names.length - 1})`;
}

function read(name: string): string {
  return readFileSync(join(import.meta.dirname, `${name}.lua`), 'utf8');
}
