/**
 * The arithmetic of `QuotaBook` for a Redis server, which runs it as one step; one suite of tests holds both. KEYS: the sorted
 * set of leases by their end. ARGV: the order, and the time in milliseconds where the server's own does not count. Keys of
 * accounts and leases are put together here: all have one hash tag, so that they are in one slot of a cluster.
 *
 * An account is {time, {counter, {piece, used, held, …}, …}}, packed; a lease {end, known, lost, {account, counter, piece, held, …}}.
 */
export const quotaScript = `
local floor, ceil, huge = math.floor, math.ceil, math.huge
local HOUR, DAY, LOST = 3600000, 86400000, 86400000
local order = cjson.decode(ARGV[1])
local now = tonumber(ARGV[2])
if not now then
  local clock = redis.call('TIME')
  now = tonumber(clock[1]) * 1000 + floor(tonumber(clock[2]) / 1000)
end

local function monthOf(time)
  local z = floor(time / DAY) + 719468
  local era = floor(z / 146097)
  local doe = z - era * 146097
  local yoe = floor((doe - floor(doe / 1460) + floor(doe / 36524) - floor(doe / 146096)) / 365)
  local mp = floor((5 * (doe - (365 * yoe + floor(yoe / 4) - floor(yoe / 100))) + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return (year - 1970) * 12 + month - 1
end

local function beginOfMonth(piece)
  local year, month = 1970 + floor(piece / 12), piece % 12 + 1
  if month <= 2 then year = year - 1 end
  local era = floor(year / 400)
  local yoe = year - era * 400
  local doy = floor((153 * (month > 2 and month - 3 or month + 9) + 2) / 5)
  return (era * 146097 + yoe * 365 + floor(yoe / 4) - floor(yoe / 100) + doy - 719468) * DAY
end

local function windowOf(counter) return string.sub(counter, string.find(counter, '/', 1, true) + 1) end
local function unitOf(counter) return string.sub(counter, 1, string.find(counter, '/', 1, true) - 1) end

local function sliding(window)
  local length = tonumber(string.sub(window, 1, -2)) * 1000
  local width = ceil(length / 60)
  return width, ceil(length / width)
end

local function pieceOf(window, time)
  if window == 'running' then return 0 end
  if window == 'hour' then return floor(time / HOUR) end
  if window == 'day' then return floor(time / DAY) end
  if window == 'month' then return monthOf(time) end
  return floor(time / sliding(window))
end

local function endOf(window, piece)
  if window == 'running' then return huge end
  if window == 'hour' then return (piece + 1) * HOUR end
  if window == 'day' then return (piece + 1) * DAY end
  if window == 'month' then return beginOfMonth(piece + 1) end
  local width, span = sliding(window)
  return (piece + span + 1) * width
end

local prefix = '{sallyport}q'
local accounts, changed = {}, {}

local function account(id)
  local open = accounts[id]
  if open then return open end
  local packed = redis.call('GET', prefix .. 'a' .. id)
  local state = packed and cmsgpack.unpack(packed) or { 0, {} }
  state[1] = math.max(state[1], now)
  local counters, stored = {}, state[2]
  for at = 1, #stored, 2 do
    local kept, pieces, window = {}, stored[at + 1], windowOf(stored[at])
    for place = 1, #pieces, 3 do
      local used, held = pieces[place + 1], pieces[place + 2]
      if (used ~= 0 or held ~= 0) and state[1] < endOf(window, pieces[place]) then
        kept[#kept + 1] = { pieces[place], used, held }
      end
    end
    if #kept > 0 then counters[stored[at]] = kept end
  end
  open = { time = state[1], counters = counters }
  accounts[id] = open
  return open
end

local function add(id, counter, piece, used, held)
  local state = account(id)
  changed[id] = true
  if endOf(windowOf(counter), piece) <= state.time then return end
  local pieces = state.counters[counter]
  if not pieces then
    pieces = {}
    state.counters[counter] = pieces
  end
  local place = #pieces + 1
  for at, found in ipairs(pieces) do
    if found[1] == piece then
      found[2] = math.max(0, found[2] + used)
      found[3] = math.max(0, found[3] + held)
      return
    end
    if found[1] > piece then place = math.min(place, at) end
  end
  table.insert(pieces, place, { piece, math.max(0, used), math.max(0, held) })
end

local function write()
  for id in pairs(changed) do
    local state, stored, last = accounts[id], {}, 0
    for counter, pieces in pairs(state.counters) do
      local flat = {}
      for _, piece in ipairs(pieces) do
        if piece[2] ~= 0 or piece[3] ~= 0 then
          flat[#flat + 1], flat[#flat + 2], flat[#flat + 3] = piece[1], piece[2], piece[3]
          local ends = endOf(windowOf(counter), piece[1])
          last = math.max(last, ends == huge and state.time + LOST or ends)
        end
      end
      if #flat > 0 then stored[#stored + 1], stored[#stored + 2] = counter, flat end
    end
    local key = prefix .. 'a' .. id
    if #stored == 0 then redis.call('DEL', key)
    else redis.call('SET', key, cmsgpack.pack({ state.time, stored }), 'PXAT', string.format('%.0f', last)) end
  end
end

local function leaseOf(id)
  local packed = redis.call('GET', prefix .. 'l' .. id)
  return packed and cmsgpack.unpack(packed) or nil
end

local function keep(id, lease)
  redis.call('SET', prefix .. 'l' .. id, cmsgpack.pack(lease), 'PXAT', string.format('%.0f', lease[1] + LOST))
  redis.call('ZADD', KEYS[1], string.format('%.0f', lease[1]), id)
end

local function forget(id)
  redis.call('DEL', prefix .. 'l' .. id)
  redis.call('ZREM', KEYS[1], id)
end

local function finite(time) return time == huge and -1 or time end

local function addLease(lease, sign)
  local entries = lease[4]
  for at = 1, #entries, 4 do
    local used, held = 0, sign * entries[at + 3]
    if lease[3] then used, held = sign * (lease[2][unitOf(entries[at + 1])] or 0), 0 end
    add(entries[at], entries[at + 1], entries[at + 2], used, held)
  end
end

local function hold()
  local standings, fits = {}, true
  local before = order.again and leaseOf(order.id)
  if before then addLease(before, -1) end
  for at, limit in ipairs(order.limits) do
    local state = account(limit[1])
    local pieces, used, held = state.counters[limit[2]] or {}, 0, 0
    for _, piece in ipairs(pieces) do used, held = used + piece[2], held + piece[3] end
    local most, asked, fitsAt = limit[3], limit[4], -1
    if asked > 0 and used + held + asked > most then
      fits = false
      local counted = used + held
      for _, piece in ipairs(pieces) do
        counted = counted - piece[2] - piece[3]
        if asked <= most and counted + asked <= most then
          fitsAt = finite(endOf(windowOf(limit[2]), piece[1]))
          break
        end
      end
    end
    local nextAt = pieces[1] and finite(endOf(windowOf(limit[2]), pieces[1][1])) or -1
    standings[at] = { used, held, now, nextAt, fitsAt }
  end
  if fits then
    local entries = {}
    for _, limit in ipairs(order.limits) do
      local piece = pieceOf(windowOf(limit[2]), account(limit[1]).time)
      add(limit[1], limit[2], piece, 0, limit[4])
      for _, part in ipairs({ limit[1], limit[2], piece, limit[4] }) do entries[#entries + 1] = part end
    end
    keep(order.id, { now + order.lease, order.known, false, entries })
  elseif before then addLease(before, 1) end
  return { fits = fits, standings = standings }
end

local function give(lease, uses, lost)
  local entries = lease[4]
  for at = 1, #entries, 4 do
    local unit = unitOf(entries[at + 1])
    local used = math.max(0, uses[unit] or 0)
    if lost then add(entries[at], entries[at + 1], entries[at + 2], used - (lease[2][unit] or 0), 0)
    else add(entries[at], entries[at + 1], entries[at + 2], used, -entries[at + 3]) end
  end
end

local answer = {}
if order.kind == 'hold' then
  answer = hold()
elseif order.kind == 'settle' then
  local lease = leaseOf(order.id)
  if lease then
    give(lease, order.uses, lease[3])
    forget(order.id)
  end
elseif order.kind == 'renew' then
  local lease = leaseOf(order.id)
  if lease and not lease[3] then
    lease[1], lease[2] = now + order.lease, order.known
    keep(order.id, lease)
  end
else
  local expired = redis.call('ZRANGE', KEYS[1], '-inf', string.format('%.0f', now), 'BYSCORE', 'LIMIT', 0, 200)
  answer.recovered = 0
  for _, id in ipairs(expired) do
    local lease = leaseOf(id)
    if not lease or lease[3] then forget(id)
    else
      give(lease, lease[2], false)
      keep(id, { now + LOST, lease[2], true, lease[4] })
      answer.recovered = answer.recovered + 1
    end
  end
end
write()
return cjson.encode(answer)
`
