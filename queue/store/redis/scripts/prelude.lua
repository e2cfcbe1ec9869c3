--[[
  What every script on a queue begins with, after the constants that all.ts generates: names for KEYS, SLOT, RINGS, …

  Keys of a queue, KEYS 1-8 of every such script:
    1 eta         sorted set: task id by ETA, the first index
    2 tags        sorted set of score 0: <tag length>:<tag>:<ETA, 16 digits><id>, the second index, ordered by its bytes
    3 tasks       hash: task id to "<enqueued> <leased> <retries> <tag>"
    4 payloads    hash: task id to bytes
    5 state       hash: clock (the newest time issued) and the counts of leases: per unit of RINGS, RING_SIZE fields
                  <unit><slot modulo RING_SIZE> with "<slot> <leases>"
    6 tombstones  sorted set: ids of deleted tasks by the time until which they cannot be used again
    7 ends        sorted set: per SLOT of time to come, the newest lease end in it; keeps lease ends unique
    8 notices     not a key: the channel on which changes of the queue are published

  Times are microseconds since the epoch. They fit a double exactly, but must be written with int().
  A script that writes ends with settle(), which writes what its operations share, once.
]]
local time, clocks, ticked, ends, published = nil, {}, {}, {}, {}

local function int(number) return string.format('%.0f', number) end
local function eta16(number) return string.format('%016.0f', number) end

local function peek(state)
  time = time or redis.call('TIME')
  clocks[state] = clocks[state] or tonumber(redis.call('HGET', state, 'clock') or 0)
  return math.max(time[1] * 1000000 + time[2], clocks[state])
end

-- A time later than any issued before.
local function tick(state)
  local now = peek(state)
  if now == clocks[state] then now = now + 1 end
  clocks[state], ticked[state] = now, true
  return now
end

-- The first time from at on at which no other lease of this queue ends or has ended.
local function leaseEnd(at)
  while true do
    local slot = math.floor(at / SLOT)
    local last = ends[slot] or tonumber(redis.call('ZSCORE', ENDS, int(slot)) or 0)
    if last >= at then at = last + 1 end
    if math.floor(at / SLOT) == slot then
      ends[slot] = at
      return at
    end
  end
end

-- Publishes that tasks of a tag became AVAILABLE or were REMOVED, once per script.
local function notify(change, tag, channel)
  channel = channel or NOTICES
  published[channel] = published[channel] or {}
  published[channel][change .. tag] = true
end

local function settle()
  for state in pairs(ticked) do redis.call('HSET', state, 'clock', int(clocks[state])) end
  for slot, last in pairs(ends) do redis.call('ZADD', ENDS, int(last), int(slot)) end
  for channel, messages in pairs(published) do
    for message in pairs(messages) do redis.call('PUBLISH', channel, message) end
  end
end

local function prefix(tag) return #tag .. ':' .. tag .. ':' end

local function read(id)
  local packed = redis.call('HGET', TASKS, id)
  if not packed then return nil end
  local enqueued, leased, retries, tag = string.match(packed, '^(%d+) (%d+) (%d+) (.*)$')
  return { id = id, enqueued = enqueued, leased = leased, retries = tonumber(retries), tag = tag }
end

local function pack(task)
  return task.enqueued .. ' ' .. task.leased .. ' ' .. task.retries .. ' ' .. task.tag
end

local function eta(id) return tonumber(redis.call('ZSCORE', ETA, id)) end

-- Writes a changed task and moves it in both indexes.
local function move(task, from, to, oldTag)
  redis.call('HSET', TASKS, task.id, pack(task))
  redis.call('ZADD', ETA, int(to), task.id)
  redis.call('ZREM', TAGS, prefix(oldTag or task.tag) .. eta16(from) .. task.id)
  redis.call('ZADD', TAGS, 0, prefix(task.tag) .. eta16(to) .. task.id)
end

local function remove(task, from)
  redis.call('HDEL', TASKS, task.id)
  redis.call('HDEL', PAYLOADS, task.id)
  redis.call('ZREM', ETA, task.id)
  redis.call('ZREM', TAGS, prefix(task.tag) .. eta16(from) .. task.id)
end

-- Whether leases, separated by commas, include the task's newest; an empty list skips the check.
local function holds(task, leases)
  return leases == '' or string.find(',' .. leases .. ',', ',' .. task.leased .. ',', 1, true) ~= nil
end

-- Small payloads are part of the result; larger ones are fetched by the caller, since Lua would copy them.
local inlineRoom = 262144
local function inline(id)
  local size = redis.call('HSTRLEN', PAYLOADS, id)
  if size > inlineRoom then return false, size end
  inlineRoom = inlineRoom - size
  return redis.call('HGET', PAYLOADS, id), size
end
