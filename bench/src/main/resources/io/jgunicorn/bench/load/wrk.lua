-- Driven by the bench harness:  wrk ... -s wrk.lua URL -- [post=BYTES] [since=EPOCH_SECONDS] [skip=REQUESTS]
--   post=N    send POST requests with a body of N bytes
--   since=T   also count answers per second, from the time T on. wrk asks for a connection's next request when it has
--             read an answer, so counting requests counts answers; each thread's first "skip" requests are no such.
-- Prints one line RESULT (see done), and a line CURVE with the counts.

local ffi = require("ffi")
ffi.cdef [[
    typedef struct { long seconds; long micros; } bench_time;
    int gettimeofday(bench_time *now, void *zone);
]]

local threads = {}
counts = {} -- global: read by done() through thread:get

function setup(thread)
    table.insert(threads, thread)
end

function init(args)
    local options = {}
    for _, word in ipairs(args) do
        local name, value = word:match("^(%w+)=(.*)$")
        if name then options[name] = tonumber(value) end
    end
    if options.post then
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/octet-stream"
        wrk.body = string.rep("x", options.post)
    end
    if options.since then
        local message = wrk.format()
        local now = ffi.new("bench_time")
        local since, skip = options.since, options.skip or 0
        function request()
            if skip > 0 then
                skip = skip - 1
            else
                ffi.C.gettimeofday(now, nil)
                local second = math.floor(tonumber(now.seconds) + tonumber(now.micros) / 1e6 - since)
                counts[second] = (counts[second] or 0) + 1
            end
            return message
        end
    end
end

-- RESULT requests seconds p50 p90 p99 p99.9 max (ms) connect read write status timeout (errors)
function done(summary, latency)
    local e = summary.errors
    io.write(string.format("RESULT %d %.6f %.3f %.3f %.3f %.3f %.3f %d %d %d %d %d\n",
        summary.requests, summary.duration / 1e6,
        latency:percentile(50) / 1000, latency:percentile(90) / 1000, latency:percentile(99) / 1000,
        latency:percentile(99.9) / 1000, latency.max / 1000,
        e.connect, e.read, e.write, e.status, e.timeout))
    local total, last = {}, -1
    for _, thread in ipairs(threads) do
        for second, count in pairs(thread:get("counts") or {}) do
            if second >= 0 then
                total[second] = (total[second] or 0) + count
                last = math.max(last, second)
            end
        end
    end
    if last >= 0 then
        local words = {}
        for second = 0, last do words[#words + 1] = tostring(total[second] or 0) end
        io.write("CURVE " .. table.concat(words, " ") .. "\n")
    end
end
