-- Sends LINE's webhooks, one after the other. Arguments: a file with a signature and a body in each line, the path, the
-- number of the first line, and how many. Requests are put together before: here that would cost as much as the server.
local requests, position = {}, 0

function init(args)
  local first, most, number = tonumber(args[3]), tonumber(args[4]), 0
  local head = "POST " .. args[2] .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: LineBotWebhook/2.0\r\n" ..
    "Content-Type: application/json; charset=utf-8\r\nx-line-signature: "
  for line in io.lines(args[1]) do
    number = number + 1
    if number > first + most then break end
    if number > first then
      local signature, body = line:match("^(%S+) (.*)$")
      requests[#requests + 1] = head .. signature .. "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
    end
  end
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%f,"p50":%d,"p99":%d,"bad":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
