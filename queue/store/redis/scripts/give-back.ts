export const GIVE_BACK = String.raw`
-- Undoes leases that never reached their caller: available at once, the attempt not counted.
-- KEYS 1–8 of the queue
-- ARGV per task: id, lease
-- Result: how many were given back
local done = 0
for i = 1, #ARGV, 2 do
  local task = read(ARGV[i])
  local from = task and eta(task.id)
  if task and task.leased == ARGV[i + 1] and from > peek(STATE) then
    local now = tick(STATE)
    task.leased, task.retries = int(leaseEnd(now)), task.retries - 1
    move(task, from, now)
    notify('+', task.tag)
    done = done + 1
  end
end
settle()
return done
`;
