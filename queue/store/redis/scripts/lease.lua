--[[
  Leases available tasks, oldest ETA first. Those leased too often go to the dead-letter queue instead.

  KEYS    1-8 of the queue, 9-16 of its dead-letter queue
  ARGV    per order: count, seconds, 'any', 'tag' or 'oldest', tag, attempts at most or 0, bytes of payload at most,
          '1' if payloads are wanted
  Result  per order a list: microseconds until the next matching task becomes available (-1: none; valid only if nothing was
          leased), then per task: id, packed task, payload (false: not wanted, or too large)
]]
local leased, now = 0, nil

local function deadLetter(task, from)
  local id, at = task.id, tick(DEAD_STATE)
  if redis.call('HEXISTS', DEAD_TASKS, id) == 1 then
    id = string.sub(id, 1, DEAD_LETTER_ID_ROOM) .. '-' .. task.enqueued
  end
  redis.call('HSET', DEAD_PAYLOADS, id, redis.call('HGET', PAYLOADS, task.id))
  redis.call('HSET', DEAD_TASKS, id, pack(task))
  redis.call('ZADD', DEAD_ETA, int(at), id)
  redis.call('ZADD', DEAD_TAGS, 0, prefix(task.tag) .. eta16(at) .. id)
  remove(task, from)
  notify(REMOVED, task.tag)
  notify(AVAILABLE, task.tag, DEAD_NOTICES)
end

-- A list of alternating ids and ETAs.
local function available(by, tag, limit)
  if by == 'any' then
    return redis.call('ZRANGEBYSCORE', ETA, '-inf', int(now), 'WITHSCORES', 'LIMIT', 0, limit)
  end
  local start = prefix(tag)
  local members = redis.call('ZRANGEBYLEX', TAGS, '[' .. start, '(' .. start .. eta16(now + 1), 'LIMIT', 0, limit)
  local found = {}
  for _, member in ipairs(members) do
    found[#found + 1] = string.sub(member, #start + 17)
    found[#found + 1] = string.sub(member, #start + 1, #start + 16)
  end
  return found
end

local function untilNext(by, tag)
  if by ~= 'tag' then
    local head = redis.call('ZRANGE', ETA, 0, 0, 'WITHSCORES')
    return head[2] and math.max(tonumber(head[2]) - now, 0) or -1
  end
  local start = prefix(tag)
  local head = redis.call('ZRANGEBYLEX', TAGS, '[' .. start, '[' .. start .. ':', 'LIMIT', 0, 1)[1]
  return head and math.max(tonumber(string.sub(head, #start + 1, #start + 16)) - now, 0) or -1
end

local function tagOfOldest()
  local head = redis.call('ZRANGEBYSCORE', ETA, '-inf', int(now), 'LIMIT', 0, 1)[1]
  return head and read(head).tag
end

local function lease(count, span, mode, tag, attempts, room, wanted)
  now = tick(STATE)
  local result, by, leases, looked = { -1 }, mode, 0, 0
  if by == 'oldest' then
    tag = tagOfOldest()
    by = tag and 'tag' or 'any'
  end
  while leases < count and room > 0 do
    local found = available(by, tag, math.min(count - leases, 1000))
    for i = 1, #found, 2 do
      local task, from = read(found[i]), tonumber(found[i + 1])
      if attempts > 0 and task.retries >= attempts then
        deadLetter(task, from)
      elseif wanted and leases > 0 and redis.call('HSTRLEN', PAYLOADS, task.id) > room then
        -- At least one task, then only as many as fit the answer.
        room = 0
      elseif room > 0 then
        local stop = leaseEnd(now + span)
        task.leased, task.retries = int(stop), task.retries + 1
        -- A lease of 0 seconds expires at once, even if its end is moved ahead to be unique.
        move(task, from, span == 0 and now or stop)
        local payload = false
        if wanted then
          local size
          payload, size = inline(task.id)
          room = room - size
        end
        leases = leases + 1
        result[#result + 1] = task.id
        result[#result + 1] = pack(task)
        result[#result + 1] = payload
      end
      looked = looked + 1
    end
    -- Bounds how long one call blocks others; the caller asks again.
    if #found == 0 or span == 0 or looked >= 2000 then break end
  end
  if leases == 0 then result[1] = untilNext(mode, tag) end
  leased = leased + leases
  return result
end

local results = {}
for i = 1, #ARGV, 7 do
  results[#results + 1] = lease(
    tonumber(ARGV[i]), tonumber(ARGV[i + 1]) * 1000000, ARGV[i + 2], ARGV[i + 3],
    tonumber(ARGV[i + 4]), tonumber(ARGV[i + 5]), ARGV[i + 6] == '1'
  )
end

if leased > 0 then
  redis.call('ZREMRANGEBYSCORE', ENDS, '-inf', int(now))
  for ring, unit in pairs(RINGS) do
    local slot = math.floor(now / unit)
    local field = ring .. int(slot % RING_SIZE)
    local of, sum = string.match(redis.call('HGET', STATE, field) or '', '^(%d+) (%d+)$')
    if of ~= int(slot) then sum = 0 end
    redis.call('HSET', STATE, field, int(slot) .. ' ' .. int(sum + leased))
  end
end
settle()
return results
