import type { Steps } from '../steps.ts'

/** Fewer numbers are sorted as quickly by the engine's own sort, at once. */
const few = 16_384
const buckets = 0x1_00_00
const sign = 0x80_00_00_00
/** Numbers that are moved in one step. */
const mostMoved = 0x2_00_00

/**
 * The numbers in order, as `Float64Array.prototype.toSorted` gives them; none may be NaN. In steps of some
 * milliseconds, however many they are: by the sixteen lowest bits of each, then by the next sixteen, equal ones staying as they stand (a radix sort).
 */
export function* sortNumbers(numbers: Float64Array): Steps<Float64Array> {
  if (numbers.length < few) return numbers.toSorted()
  let from = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length * 2).slice()
  let to = new Uint32Array(from.length)
  toOrder(from)
  for (let digit = 0; digit < 4; digit += 1) {
    yield
    const places = placesOf(new Uint16Array(from.buffer), digit)
    if (places === null) continue
    yield
    yield* move(from, to, places, digit)
    ;[from, to] = [to, from]
  }
  yield
  fromOrder(from)
  return new Float64Array(from.buffer)
}

/** Bits that are in order where the numbers are: those of negative numbers turned around, those of others above them. */
function toOrder(halves: Uint32Array): void {
  for (let at = 1; at < halves.length; at += 2) {
    const high = halves[at] ?? 0
    if (high >= sign) halves[at - 1] = ~(halves[at - 1] ?? 0)
    halves[at] = high >= sign ? ~high : high ^ sign
  }
}

function fromOrder(halves: Uint32Array): void {
  for (let at = 1; at < halves.length; at += 2) {
    const high = halves[at] ?? 0
    if (high < sign) halves[at - 1] = ~(halves[at - 1] ?? 0)
    halves[at] = high < sign ? ~high : high ^ sign
  }
}

/** Where numbers with each value of a digit begin; null where all have the same one. */
function placesOf(digits: Uint16Array, digit: number): Uint32Array | null {
  const places = new Uint32Array(buckets)
  for (let at = digit; at < digits.length; at += 4) {
    const value = digits[at] ?? 0
    places[value] = (places[value] ?? 0) + 1
  }
  if (places[digits[digit] ?? 0] === digits.length / 4) return null
  let begin = 0
  for (let value = 0; value < buckets; value += 1) {
    const count = places[value] ?? 0
    places[value] = begin
    begin += count
  }
  return places
}

function* move(from: Uint32Array, to: Uint32Array, places: Uint32Array, digit: number): Steps<void> {
  for (let begin = 0; begin < from.length; begin += 2 * mostMoved) {
    moveSome(from.subarray(begin, begin + 2 * mostMoved), to, places, digit)
    yield
  }
}

function moveSome(from: Uint32Array, to: Uint32Array, places: Uint32Array, digit: number): void {
  const digits = new Uint16Array(from.buffer, from.byteOffset, from.length * 2)
  for (let at = 0; at < from.length; at += 2) {
    const value = digits[at * 2 + digit] ?? 0
    const place = (places[value] ?? 0) * 2
    places[value] = place / 2 + 1
    to[place] = from[at] ?? 0
    to[place + 1] = from[at + 1] ?? 0
  }
}
