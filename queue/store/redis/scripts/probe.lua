--[[
  Proves that Redis takes writes.

  KEYS    1 a key of its own
  ARGV    1 any value
  Result  OK
]]
return redis.call('SET', KEYS[1], ARGV[1], 'EX', 60)
