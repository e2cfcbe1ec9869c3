export const LEASE = String.raw`
-- Leases available tasks, oldest ETA first; those leased too often go to the dead-letter queue instead.
-- KEYS 1–7 of the queue, 8–14 of its dead-letter queue
-- ARGV 1 count, 2 seconds, 3 'any', 'tag' or 'oldest', 4 tag, 5 attempts at most or 0, 6 bytes at most,
--      7 channel, 8 channel of the dead-letter queue
-- Result: microseconds until the next task that fits comes back (-1: none; meant for when nothing was leased), then
--         per task: id, packed task, payload or false when it is to be fetched
local count, span, by, tag = tonumber(ARGV[1]), tonumber(ARGV[2]) * 1000000, ARGV[3], ARGV[4]
local attempts, room = tonumber(ARGV[5]), tonumber(ARGV[6])
local DEAD_ETA, DEAD_TAGS, DEAD_TASKS, DEAD_PAYLOADS, DEAD_STATE = unpack(KEYS, 8, 12)
local now = tick(STATE)
local result = { -1 }
local leases = 0

local function bury(task)
  local id, at = task.id, tick(DEAD_STATE)
  if redis.call('HEXISTS', DEAD_TASKS, id) == 1 then id = string.sub(id, 1, 480) .. '-' .. task.enqueued end
  redis.call('HSET', DEAD_PAYLOADS, id, redis.call('HGET', PAYLOADS, task.id))
  redis.call('HSET', DEAD_TASKS, id, pack(task))
  redis.call('ZADD', DEAD_ETA, int(at), id)
  redis.call('ZADD', DEAD_TAGS, 0, prefix(task.tag) .. eta16(at) .. id)
  remove(task, eta(task.id))
  redis.call('PUBLISH', ARGV[7], '-' .. task.tag)
  redis.call('PUBLISH', ARGV[8], '+' .. task.tag)
end

local function lease(task)
  local from, stop = eta(task.id), leaseEnd(now + span)
  task.leased, task.retries = int(stop), task.retries + 1
  -- A lease of no time is over at once, whatever end keeps its token unique.
  move(task, from, span == 0 and now or stop)
  local payload, size = inline(task.id)
  room = room - size
  leases = leases + 1
  result[#result + 1] = task.id
  result[#result + 1] = pack(task)
  result[#result + 1] = payload
end

local function available(limit)
  if by == 'any' then return redis.call('ZRANGEBYSCORE', ETA, '-inf', int(now), 'LIMIT', 0, limit) end
  local start = prefix(tag)
  local members = redis.call('ZRANGEBYLEX', TAGS, '[' .. start, '(' .. start .. eta16(now + 1), 'LIMIT', 0, limit)
  for i, member in ipairs(members) do members[i] = string.sub(member, #start + 17) end
  return members
end

local function untilNext()
  if by ~= 'tag' then
    local head = redis.call('ZRANGE', ETA, 0, 0, 'WITHSCORES')
    return head[2] and math.max(tonumber(head[2]) - now, 0) or -1
  end
  local start = prefix(tag)
  local head = redis.call('ZRANGEBYLEX', TAGS, '[' .. start, '[' .. start .. ':', 'LIMIT', 0, 1)[1]
  return head and math.max(tonumber(string.sub(head, #start + 1, #start + 16)) - now, 0) or -1
end

local mode = by
if by == 'oldest' then
  local head = redis.call('ZRANGEBYSCORE', ETA, '-inf', int(now), 'LIMIT', 0, 1)[1]
  if head then by, tag = 'tag', read(head).tag end
end

local taken = 0
while leases < count and room > 0 do
  local ids = available(math.min(count - leases, 1000))
  for _, id in ipairs(ids) do
    local task = read(id)
    if attempts > 0 and task.retries >= attempts then
      bury(task)
    elseif room > 0 then
      -- At least one task, then only while payloads fit the answer.
      if leases > 0 and redis.call('HSTRLEN', PAYLOADS, id) > room then room = 0 else lease(task) end
    end
    taken = taken + 1
  end
  -- Bounds how long one call keeps others waiting; the caller asks again.
  if #ids == 0 or span == 0 or taken >= 2000 then break end
end

if leases > 0 then
  redis.call('ZREMRANGEBYSCORE', ENDS, '-inf', int(now))
  for ring, unit in pairs({ s = 1000000, m = 60000000 }) do
    local slot = math.floor(now / unit)
    local field = ring .. int(slot % 60)
    local of, sum = string.match(redis.call('HGET', STATE, field) or '', '^(%d+) (%d+)$')
    if of ~= int(slot) then sum = 0 end
    redis.call('HSET', STATE, field, int(slot) .. ' ' .. int(sum + leases))
  end
else
  by = mode
  result[1] = untilNext()
end
return result
`;
