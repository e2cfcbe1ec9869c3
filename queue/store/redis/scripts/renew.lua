--[[
  Moves the end of an unexpired lease; with 0 seconds the task is available at once.

  KEYS    1-8 of the queue
  ARGV    1 id, 2 seconds, 3 leases of which one must be the newest or '', 4 '=' and the new tag, or '',
          5 '1' if the payload is wanted
  Result  'unknown', 'moved' or 'expired'; else packed task, payload (false: not wanted, or too large)
]]
local id, span, leases, change, wanted = unpack(ARGV)
span = tonumber(span) * 1000000
local task = read(id)
if not task then return 'unknown' end
if not holds(task, leases) then return 'moved' end
local from = eta(id)
if from <= peek(STATE) then return 'expired' end
local now, oldTag = tick(STATE), task.tag
local stop = leaseEnd(now + span)
local to = span == 0 and now or stop
task.leased = int(stop)
if change ~= '' then task.tag = string.sub(change, 2) end
move(task, from, to, oldTag)
if task.tag ~= oldTag then notify(REMOVED, oldTag) end
if task.tag ~= oldTag or to < from then notify(AVAILABLE, task.tag) end
settle()
return { pack(task), wanted == '1' and (inline(id)) }
