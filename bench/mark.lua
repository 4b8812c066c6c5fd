-- Marks messages as read, one token after the other. Arguments: token file, access token, first line, scratch path.
local tokens, access, position = {}, nil, 0

function init(args)
  access = args[2]
  local first, number = tonumber(args[3] or "0"), 0
  for line in io.lines(args[1]) do
    number = number + 1
    if number > first then tokens[#tokens + 1] = '{"markAsReadToken":"' .. line .. '"}' end
  end
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. access
end

function request()
  position = position % #tokens + 1
  return wrk.format("POST", "/v2/bot/chat/markAsRead", nil, tokens[position])
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%f,"p50":%d,"p99":%d,"bad":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
