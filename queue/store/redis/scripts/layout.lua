--[[
  Acts for the replica that holds the lock of a migration: extends or releases the lock, and marks the layout.

  KEYS    1 the lock, 2 the layout
  ARGV    1 the holder's token, 2 milliseconds for which to keep the lock or 0 to release it, 3 the new layout or ''
  Result  1, or 0 if the caller does not hold the lock: then nothing was done
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[3] ~= '' then redis.call('SET', KEYS[2], ARGV[3]) end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[1])
else
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1
