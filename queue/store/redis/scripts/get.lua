--[[
  Looks up a task.

  KEYS    1-8 of the queue
  ARGV    1 id, 2 '1' if the payload is wanted
  Result  packed task (false: not found), payload (false: not wanted, or too large)
]]
return { redis.call('HGET', TASKS, ARGV[1]), ARGV[2] == '1' and (inline(ARGV[1])) }
