--[[
  Undoes leases that never reached their caller: the tasks are available at once and the attempt does not count.

  KEYS    1-8 of the queue
  ARGV    per task: id, lease
  Result  how many leases were released
]]
local released = 0
for i = 1, #ARGV, 2 do
  local task = read(ARGV[i])
  local from = task and eta(task.id)
  if task and task.leased == ARGV[i + 1] and from > peek(STATE) then
    local now = tick(STATE)
    task.leased, task.retries = int(leaseEnd(now)), task.retries - 1
    move(task, from, now)
    notify(AVAILABLE, task.tag)
    released = released + 1
  end
end
settle()
return released
