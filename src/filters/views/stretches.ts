/** Text found in bytes. `places[i]` is the byte that character `i` begins at; the last entry is the byte after. */
export interface Stretch {
  readonly text: string
  readonly places: Int32Array
}

/** Shorter stretches hold nothing; up to `shortestPlain` only an address with its sign and dot, or a number. */
const shortest = 6
/** So many characters beside each other that are not single letters of Latin-1, which every other byte can be. */
const shortestPlain = 12
const fewestDigits = 6
/** Bytes of zero that may stand between two characters: the rest of a character of two bytes or four. */
const maximumPadding = 3

// Kinds of bytes.
const printable = 1
const digit = 3
const sign = 5
const dot = 129
const zero = 8
const lead = 16
const latin = 32
const kinds = new Uint8Array(256)
const unreadable = 1
for (let byte = 32; byte < 127; byte += 1) kinds[byte] = printable
for (const byte of [9, 10, 13]) kinds[byte] = printable
for (let byte = 48; byte < 58; byte += 1) kinds[byte] = digit
kinds[64] = sign
kinds[46] = dot
kinds[0] = zero
for (let byte = 0xa0; byte < 256; byte += 1) kinds[byte] = latin
for (let byte = 0xc2; byte < 0xf5; byte += 1) kinds[byte] = lead | latin

/** Bytes of a UTF-8 character of more than one byte at `at`, 0 where there is none. */
function wideLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at] as number
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (at + length > end) return 0
  for (let index = 1; index < length; index += 1) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}

function isReadable(bytes: Uint8Array, at: number): boolean {
  return at < 0 || at >= bytes.length || ((kinds[bytes[at] as number] as number) & (printable | zero)) !== 0
}

/** How many bytes the character at `at` has, 0 where there is none. */
function widthAt(bytes: Uint8Array, at: number, end: number): number {
  const kind = kinds[bytes[at] as number] as number
  if ((kind & printable) !== 0) return 1
  const wide = (kind & lead) === 0 ? 0 : wideLength(bytes, at, end)
  if (wide > 0) return wide
  // A letter of Latin-1 between printable characters.
  const isLatin = (kind & latin) !== 0 && isReadable(bytes, at - 1) && isReadable(bytes, at + 1)
  return isLatin ? 1 : 0
}

function stretchOf(bytes: Uint8Array, from: number, to: number): Stretch {
  const places = new Int32Array(to - from + 1)
  let text = ''
  for (let at = from; at < to;) {
    if (bytes[at] === 0) {
      at += 1
      continue
    }
    const width = Math.max(1, widthAt(bytes, at, to))
    const character =
      width === 1
        ? String.fromCharCode(bytes[at] as number)
        : Buffer.from(bytes.subarray(at, at + width)).toString('utf8')
    for (let index = 0; index < character.length; index += 1) places[text.length + index] = at
    text += character
    at += width
  }
  places[text.length] = to
  return { text, places: places.subarray(0, text.length + 1) }
}

/**
 * The readable stretches of bytes that could hold something: ASCII, UTF-8 or Latin-1, in characters of
 * one, two or four bytes of either order, whatever stands before and after them. Bytes without a meaning are letters of
 * Latin-1 as often as not, so that these alone make no stretch worth reading.
 */
export function readableStretches(bytes: Uint8Array): Stretch[] {
  const { length } = bytes
  const stretches: Stretch[] = []
  let from = 0
  let plain = 0
  let longestPlain = 0
  let digits = 0
  let signs = 0
  let dots = 0
  let either = 0
  let padding = 0
  for (let at = 0; at <= length;) {
    const byte = at < length ? (bytes[at] as number) : unreadable
    const kind = kinds[byte] as number
    if ((kind & printable) !== 0) {
      digits += (kind >> 1) & 1
      signs |= (kind >> 2) & 1
      dots |= kind >> 7
      plain += 1
      padding = 0
      at += 1
      continue
    }
    if (kind === zero && padding < maximumPadding && at > from) {
      padding += 1
      at += 1
      continue
    }
    const width = kind === 0 || kind === zero ? 0 : widthAt(bytes, at, length)
    if (width === 1) {
      longestPlain = Math.max(longestPlain, plain)
      plain = 0
      padding = 0
      at += 1
      continue
    }
    if (width > 1) {
      // A sign, a dot or a digit of full width is one, too.
      if (byte === 0xef) either += 1
      else if (byte >= 0xe2) dots = 1
      digits += 1
      plain += 1
      padding = 0
      at += width
      continue
    }
    if (at - from >= shortest) {
      const isPlain = plain >= shortestPlain || longestPlain >= shortestPlain
      if (isPlain || signs + dots + either > 1 || digits >= fewestDigits) stretches.push(stretchOf(bytes, from, at))
    }
    at += 1
    from = at
    plain = 0
    longestPlain = 0
    digits = 0
    signs = 0
    dots = 0
    either = 0
    padding = 0
  }
  return stretches
}

/**
 * Could a stretch of these bytes, wherever they are cut, be one of `readableStretches`? Says yes more often: every byte
 * from 0xa0 on counts as a part of a stretch and as whatever it could be a part of.
 */
export function mayBeReadable(bytes: Uint8Array): boolean {
  let plain = 0
  let digits = 0
  let signs = 0
  let dots = 0
  let either = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number
    const kind = kinds[byte] as number
    if ((kind & printable) !== 0) {
      plain += 1
      digits += (kind >> 1) & 1
      signs |= (kind >> 2) & 1
      dots |= kind >> 7
    } else if (byte >= 0xc2) {
      plain += 1
      digits += 1
      if (byte === 0xef) either += 1
      else if (byte >= 0xe2) dots = 1
    } else if (byte > 0 && byte < 0x80) {
      plain = 0
      digits = 0
      signs = 0
      dots = 0
      either = 0
    }
    if (plain >= shortestPlain || digits >= fewestDigits || signs + dots + either > 1) return true
  }
  return false
}
