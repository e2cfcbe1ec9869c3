export const GET = String.raw`
-- Looks a task up.
-- KEYS 1–8 of the queue
-- ARGV 1 id, 2 '1' for its payload
-- Result: packed task (false: not found) and payload (false: not wanted, or too large)
return { redis.call('HGET', TASKS, ARGV[1]), ARGV[2] == '1' and (inline(ARGV[1])) }
`;

export const LIST = String.raw`
-- Lists the first tasks, oldest ETA first.
-- KEYS 1–8 of the queue
-- ARGV 1 how many at most, 2 '1' for their payloads
-- Result: per task: id, packed task, payload (false: not wanted, or too large)
local result = {}
for _, id in ipairs(redis.call('ZRANGE', ETA, 0, ARGV[1] - 1)) do
  result[#result + 1] = id
  result[#result + 1] = redis.call('HGET', TASKS, id)
  result[#result + 1] = ARGV[2] == '1' and (inline(id))
end
return result
`;

export const STATS = String.raw`
-- Counts tasks, of all tags or of one.
-- KEYS 1–8 of the queue
-- ARGV 1 '=' and a tag, or ''
-- Result: total, available, enqueue time of the next task to lease or 0, leases in the last minute, in the last hour
local now = peek(STATE)
local total, available, head
if ARGV[1] == '' then
  total = redis.call('ZCARD', ETA)
  available = redis.call('ZCOUNT', ETA, '-inf', int(now))
  head = redis.call('ZRANGE', ETA, 0, 0)[1]
else
  local start = prefix(string.sub(ARGV[1], 2))
  total = redis.call('ZLEXCOUNT', TAGS, '[' .. start, '[' .. start .. ':')
  available = redis.call('ZLEXCOUNT', TAGS, '[' .. start, '(' .. start .. eta16(now + 1))
  head = redis.call('ZRANGEBYLEX', TAGS, '[' .. start, '[' .. start .. ':', 'LIMIT', 0, 1)[1]
  head = head and string.sub(head, #start + 17)
end
local sums, units = { s = 0, m = 0 }, { s = 1000000, m = 60000000 }
local state = redis.call('HGETALL', STATE)
for i = 1, #state, 2 do
  local ring = string.sub(state[i], 1, 1)
  if units[ring] then
    local slot, sum = string.match(state[i + 1], '^(%d+) (%d+)$')
    if tonumber(slot) > math.floor(now / units[ring]) - 60 then sums[ring] = sums[ring] + sum end
  end
end
return { total, available, head and read(head).enqueued or '0', sums.s, sums.m }
`;

export const PROBE = String.raw`
-- Proves that writes are taken.
-- KEYS 1 a key of its own
-- ARGV 1 any value
-- Result: OK
return redis.call('SET', KEYS[1], ARGV[1], 'EX', 60)
`;
