/** Longer texts are read window by window: a pass over one of them would hold the event loop. */
const longest = 16_384
/** Fewer digits make no number that is looked for. */
const fewestDigits = 7
/** Characters that may stand between two digits of one number. */
const widestGap = 2
const shortestBase64 = 8
const shortestPairs = 12
const shortestKey = 16

// What a character is. One without a bit may begin an address, an escape, a link, a tag or an assignment.
const allowed = 1
const token = 2
const pair = 4
const digit = 8
const capital = 16
const bits = new Uint8Array(128)
const set = (characters: string, bit: number) => {
  for (let index = 0; index < characters.length; index += 1) bits[characters.charCodeAt(index)]! |= bit | allowed
}
set('abcdefghijklmnopqrstuvwxyz0123456789-.', token)
set('ABCDEFGHIJKLMNOPQRSTUVWXYZ', token | capital)
set('0123456789', digit)
set('0123456789abcdefABCDEF ,-xX\n', pair)
set('\t;!?\'")%*', 0)

const star = 42
const point = 46
const doubtful = /dot|[a-z]{2}\d\d|%[0-9a-f]| \n|\t\n/i

/**
 * Is the text such that no detector but the one of SQL finds anything in any of its readings? Sound, not complete:
 * - Only letters, digits, blanks and `- . , ; ! ? ' " ) % *` stand in it: no sign of an address, no value of a name, no
 *   link, no tag, and of what a renderer takes out or resolves only stars and soft breaks.
 * - A reading may lack some of its stars or have a blank for one. Runs are therefore counted as if no star were there,
 *   and neither "dot" nor a percent sign before a hexadecimal digit stands in the text without its stars.
 * - Fewer digits beside each other than any number has, and none right after two letters; no run as long as a key; none with a capital letter as long as base64 has to be;
 *   none of hexadecimal digits and what sets them apart as long as the shortest that is opened.
 */
export function isInert(text: string): boolean {
  if (text.length > longest) return false
  let digits = 0
  let apart = 0
  let run = 0
  let encoded = 0
  let hasCapital = false
  let pairs = 0
  let hasStar = false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    const kind = code < 128 ? (bits[code] as number) : 0
    if (kind === 0) return false
    if (code === star) {
      hasStar = true
      pairs += 1
      continue
    }
    if ((kind & token) === 0) {
      run = 0
      encoded = 0
      hasCapital = false
    } else {
      run += 1
      encoded = code === point ? 0 : encoded + 1
      if (code === point) hasCapital = false
      else if ((kind & capital) !== 0) hasCapital = true
      if (run >= shortestKey || (hasCapital && encoded >= shortestBase64)) return false
    }
    if ((kind & pair) === 0) pairs = 0
    else if (++pairs >= shortestPairs) return false
    if ((kind & digit) === 0) apart += 1
    else {
      digits = apart > widestGap ? 1 : digits + 1
      apart = 0
      if (digits >= fewestDigits) return false
    }
  }
  return !doubtful.test(hasStar ? text.replaceAll('*', '') : text)
}
