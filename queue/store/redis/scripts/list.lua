--[[
  Lists the first tasks, oldest ETA first.

  KEYS    1-8 of the queue
  ARGV    1 how many at most, 2 '1' if payloads are wanted
  Result  per task: id, packed task, payload (false: not wanted, or too large)
]]
local result = {}
for _, id in ipairs(redis.call('ZRANGE', ETA, 0, ARGV[1] - 1)) do
  result[#result + 1] = id
  result[#result + 1] = redis.call('HGET', TASKS, id)
  result[#result + 1] = ARGV[2] == '1' and (inline(id))
end
return result
