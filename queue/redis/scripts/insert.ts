export const INSERT = String.raw`
-- Puts a task in, available at once.
-- KEYS 1–7 of the queue
-- ARGV 1 id, 2 payload, 3 tag or '', 4 channel
-- Result: its enqueue time, or false when the name is taken
local id, payload, tag, channel = unpack(ARGV)
local buried = redis.call('ZSCORE', TOMBSTONES, id)
if buried and tonumber(buried) > peek(STATE) then return false end
local now = tick(STATE)
if redis.call('HSETNX', TASKS, id, int(now) .. ' 0 0 ' .. tag) == 0 then return false end
redis.call('HSET', PAYLOADS, id, payload)
redis.call('ZADD', ETA, int(now), id)
redis.call('ZADD', TAGS, 0, prefix(tag) .. eta16(now) .. id)
redis.call('PUBLISH', channel, '+' .. tag)
return int(now)
`;
