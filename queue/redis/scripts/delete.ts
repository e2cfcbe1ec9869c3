export const DELETE = String.raw`
-- Deletes a task, leased or not.
-- KEYS 1–7 of the queue
-- ARGV 1 id, 2 leases that the caller claims to hold or '', 3 seconds for which the name stays taken, 4 channel
-- Result: a word: unknown, moved, or done
local id, leases, tombstone, channel = unpack(ARGV)
local task = read(id)
if not task then return 'unknown' end
if not holds(task, leases) then return 'moved' end
remove(task, eta(id))
if tombstone ~= '0' then
  local now = tick(STATE)
  redis.call('ZREMRANGEBYSCORE', TOMBSTONES, '-inf', int(now))
  redis.call('ZADD', TOMBSTONES, int(now + tombstone * 1000000), id)
end
redis.call('PUBLISH', channel, '-' .. task.tag)
return 'done'
`;
