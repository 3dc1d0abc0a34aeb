-- Sends what candidates' pages send: every connection takes the next attempt, every round the next number.
-- Arguments: file with one Cookie header a line, threads, rows in a request (0: the empty view), first number.
local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(args)
  per_request = tonumber(args[3])
  first = tonumber(args[4])
  cookies, at, round = {}, 0, 0
  local line_number = 0
  for line in io.lines(args[1]) do
    if line_number % tonumber(args[2]) == id then cookies[#cookies + 1] = line end
    line_number = line_number + 1
  end
end

function request()
  -- wrk asks for one request to look at it and never sends it.
  if not looked_at then
    looked_at = true
    return wrk.format("GET", "/empty")
  end
  if per_request == 0 then return wrk.format("GET", "/empty") end
  at = at + 1
  if at > #cookies then at, round = 1, round + 1 end
  local rows = {}
  for i = 0, per_request - 1 do
    local seq = first + round * per_request + i
    rows[#rows + 1] = string.format("[%d,1,%d,%d,%d]", seq, seq % 60, seq % 4, os.time() * 1000)
  end
  local headers = {
    ["Cookie"] = cookies[at],
    ["Content-Type"] = "application/json",
    ["Sec-Fetch-Site"] = "same-origin",
  }
  return wrk.format("POST", "/thi/api/saves", headers, '{"saves":[' .. table.concat(rows, ",") .. ']}')
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"p50_ms":%f,"p99_ms":%f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
