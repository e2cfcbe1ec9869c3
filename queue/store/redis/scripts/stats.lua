--[[
  Counts the tasks of all tags or of one.

  KEYS    1-8 of the queue
  ARGV    1 '=' and a tag, or ''
  Result  total, available, enqueue time of the first task or '0', leases in the last minute, in the last hour
]]
local now = peek(STATE)
local total, available, head
if ARGV[1] == '' then
  total = redis.call('ZCARD', ETA)
  available = redis.call('ZCOUNT', ETA, '-inf', int(now))
  head = redis.call('ZRANGE', ETA, 0, 0)[1]
else
  local start = prefix(string.sub(ARGV[1], 2))
  total = redis.call('ZLEXCOUNT', TAGS, '[' .. start, '[' .. start .. ':')
  available = redis.call('ZLEXCOUNT', TAGS, '[' .. start, '(' .. start .. eta16(now + 1))
  head = redis.call('ZRANGEBYLEX', TAGS, '[' .. start, '[' .. start .. ':', 'LIMIT', 0, 1)[1]
  head = head and string.sub(head, #start + 17)
end

local leases = {}
for ring in pairs(RINGS) do leases[ring] = 0 end
local state = redis.call('HGETALL', STATE)
for i = 1, #state, 2 do
  local ring = string.sub(state[i], 1, 1)
  if RINGS[ring] then
    local slot, count = string.match(state[i + 1], '^(%d+) (%d+)$')
    if tonumber(slot) > math.floor(now / RINGS[ring]) - RING_SIZE then leases[ring] = leases[ring] + count end
  end
end
return { total, available, head and read(head).enqueued or '0', leases[MINUTE], leases[HOUR] }
