--[[
  Inserts tasks, available at once.

  KEYS    1-8 of the queue
  ARGV    per task: id, payload, tag or ''
  Result  per task: its enqueue time, or false if the id is taken
]]
local function insert(id, payload, tag)
  local deleted = redis.call('ZSCORE', TOMBSTONES, id)
  if deleted and tonumber(deleted) > peek(STATE) then return false end
  local now = tick(STATE)
  local at = eta16(now)
  if redis.call('HSETNX', TASKS, id, at .. ' 0 0 ' .. tag) == 0 then return false end
  redis.call('HSET', PAYLOADS, id, payload)
  redis.call('ZADD', ETA, at, id)
  redis.call('ZADD', TAGS, 0, prefix(tag) .. at .. id)
  notify(AVAILABLE, tag)
  return now
end

local results = {}
for i = 1, #ARGV, 3 do results[#results + 1] = insert(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
settle()
return results
