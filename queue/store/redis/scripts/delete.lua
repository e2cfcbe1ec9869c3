--[[
  Deletes tasks, leased or not.

  KEYS    1-8 of the queue
  ARGV    per task: id, leases of which one must be the newest or '', seconds for which the id cannot be used again
  Result  per task: 'done', 'unknown' or 'moved'
]]
local function delete(id, leases, tombstone)
  local task = read(id)
  if not task then return 'unknown' end
  if not holds(task, leases) then return 'moved' end
  remove(task, eta(id))
  if tombstone ~= '0' then
    local now = tick(STATE)
    redis.call('ZREMRANGEBYSCORE', TOMBSTONES, '-inf', int(now))
    redis.call('ZADD', TOMBSTONES, int(now + tombstone * 1000000), id)
  end
  notify(REMOVED, task.tag)
  return 'done'
end

local results = {}
for i = 1, #ARGV, 3 do results[#results + 1] = delete(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
settle()
return results
