-- What browsers send: a new event each time; every other one is a visitor who was there before.
-- arg: a file with a body on each line, in which EVENT, ID and SEQ stand for what differs; and one with ids.

local bodies, ids, turn = {}, {}, 0
local hex = "%08x-%04x-%04x-%04x-%04x%08x"

function init(args)
  for line in io.lines(args[1]) do
    local event, id, seq = line:find("EVENT", 1, true), line:find("ID", 1, true), line:find("SEQ", 1, true)
    bodies[#bodies + 1] = {
      line:sub(1, id - 1), line:sub(id + 2, event - 1), line:sub(event + 5, seq - 1), line:sub(seq + 3),
    }
  end
  for line in io.lines(args[2]) do ids[#ids + 1] = '"' .. line .. '"' end
  turn = tonumber(args[3])
  math.randomseed(turn)
  wrk.method = "POST"
  wrk.headers["Origin"] = "http://localhost:8000"
  wrk.headers["Content-Type"] = "text/plain"
end

function request()
  turn = turn + 1
  local body, id, seq, r = bodies[turn % #bodies + 1], "null", 1, math.random
  if turn % 2 == 0 then
    id, seq = ids[turn / 2 % #ids + 1], math.floor(turn / 2 / #ids) + 2
  end
  local event = hex:format(r(0, 4294967295), r(0, 65535), r(0, 65535), r(0, 65535), r(0, 65535), r(0, 4294967295))
  return wrk.format(nil, nil, nil, body[1] .. id .. body[2] .. event .. body[3] .. seq .. body[4])
end
