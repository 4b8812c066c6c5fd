-- Marks messages as read, one token after the other. Arguments: token file, access token, number of the first token.
-- Requests are put together by hand: wrk.format would cost as much as the server under test.
local tokens, head, position = {}, nil, 0

function init(args)
  local first, number = tonumber(args[3] or "0"), 0
  for line in io.lines(args[1]) do
    number = number + 1
    if number > first then tokens[#tokens + 1] = line end
  end
  local length = #'{"markAsReadToken":""}' + #tokens[1]
  head = "POST /v2/bot/chat/markAsRead HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" ..
    "Authorization: Bearer " .. args[2] .. "\r\nContent-Length: " .. length .. "\r\n\r\n" .. '{"markAsReadToken":"'
end

function request()
  position = position % #tokens + 1
  return head .. tokens[position] .. '"}'
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%f,"p50":%d,"p99":%d,"bad":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
