-- Counts the responses whose status is not 200 or whose body has not the length given after `--`, and prints the result as JSON.
-- With `unique` after the length, each request asks for a URL of its own.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  expected = tonumber(args[1])
  wrong = 0
  if args[2] == "unique" then
    local run, count = os.time(), 0
    request = function()
      count = count + 1
      return wrk.format("GET", wrk.path .. "?n=" .. run .. "-" .. count)
    end
  end
end

function response(status, headers, body)
  if status ~= 200 or #body ~= expected then
    wrong = wrong + 1
  end
end

function done(summary, latency, requests)
  local wrongInAll = 0
  for _, thread in ipairs(threads) do
    wrongInAll = wrongInAll + thread:get("wrong")
  end
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,"wrong":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    wrongInAll, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
