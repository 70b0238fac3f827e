import { mayBeReadable } from './views/stretches.ts'
import { mayHideText } from './views/hidden-text.ts'
import { normalize } from './views/normalize.ts'

/** Longer texts are read window by window: a pass over one of them would hold the event loop. */
const longest = 16_384
/** Shorter texts are cut into windows at blanks alone, so that a date is whole in each of them. */
const longestDated = 4_096
/** Fewer digits make no number that is looked for. */
const fewestDigits = 7
/** Characters that may stand between two digits of one number. */
const widestGap = 2
/** Between groups of a card, or of a number that is called a social security number, may stand so many; it has so many digits. */
const widestSpacing = 5
const fewestSpaced = 9
const shortestBase64 = 8
const shortestPairs = 12
const shortestKey = 16

// What a character is. One without a bit may begin an address, an escape or a reading that is not foreseen here.
const allowed = 1
const token = 2
const pair = 4
const digit = 8
const capital = 16
const mark = 32
const gap = 64
const hint = 128
const bits = new Uint8Array(128)
const set = (characters: string, bit: number) => {
  for (let index = 0; index < characters.length; index += 1) bits[characters.charCodeAt(index)]! |= bit | allowed
}
set('abcdefghijklmnopqrstuvwxyz0123456789-.+/_', token)
set('ABCDEFGHIJKLMNOPQRSTUVWXYZ', token | capital)
set('0123456789', digit)
set('0123456789abcdefABCDEF ,:-xX\t\n', pair)
set('*_~`', mark)
set(' ().-/\n', gap)
set(':=[]<>&(', hint)
set('\t;!?\'")%{}|$#^', 0)

/** A point in the middle of a line, or a bullet: what else stands between groups. */
const isBullet = (code: number): boolean => code === 0xb7 || code === 0x2022

const point = 46
const underscore = 95
const tilde = 126
/** What a renderer may take out; an underscore inside of a word stays. */
const marks = /[*~`]+|(?<![\p{L}\p{N}])_+|__+|_+(?![\p{L}\p{N}])/gu
/** A spelled address, an account's number, a key's first line, an escape, a soft break. */
const doubtful = /[\s([{<]dot[\s)\]}>]|[a-z]{2}\d\d(?:[ -]?[a-z0-9]){11}|-BEGIN|%[0-9a-f]|[ \t]\n/i
/** What stands with a character that hints: a spelled address, a named secret, an escape, a link, a tag, a foreign file. */
const hinted = new RegExp(
  [
    String.raw`[[({<]\s?(?:at|\.)\s?[\])}>]`,
    'pass|pwd|secret|token|key|credential',
    String.raw`=40|=2e|=[0-9a-f]{2}=[0-9a-f]{2}|=\n|&(?:#|[a-z][a-z0-9]{1,31};)`,
    String.raw`\n[ \t]*>|<[a-z/!]|\][([:]|url\(|image-set\(`,
    String.raw`(?:src|href|poster|data|background|action|ping|cite|manifest|codebase|archive|srcset)\s*=`,
  ].join('|'),
  'i',
)
/** How a key of some issuer begins, with its underscores or without, and what a key of any stands behind. */
const keys =
  /s[kp]-|[sr]k\w{18}|whsec|A[KSBC][IC]A|gh[pousr]\w{18}|github_?pat|gl(?:pat|ptt|dt|rt)-|xox|slack|AIza|ya29|GOCSPX|npm\w{18}|hf\w{18}|pypi-|SG\.|eyJ/
const keyWords = /aws|bearer|authorization/i
/** Encoded lines that are read as one. */
const wrapped = /[A-Za-z0-9+/_-]{16}\n[ \t>]*[A-Za-z0-9+/_-]/
/** A mark beside a date may be taken out and leave it a part of a number. */
const date =
  /(?<![\d*_~`]|[\d*_~`][-./])(?:19|20)\d{2}([-/.])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?![\d*_~`]|\1[\d*_~`])/g
const base64Run = /[A-Za-z0-9+/_-]{8,}/g
const pairRun = /[0-9a-f ,:\t\n-]{12,}/gi
const notHexadecimal = /[^0-9a-f]+/gi

function hasLongNumber(text: string): boolean {
  let digits = 0
  let spaced = 0
  let apart = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    const kind = bits[code] ?? (isBullet(code) ? gap : 0)
    if ((kind & digit) !== 0) {
      digits = apart > widestGap ? 1 : digits + 1
      spaced = apart > widestSpacing ? 1 : spaced + 1
      apart = 0
      if (digits >= fewestDigits || spaced >= fewestSpaced) return true
    } else if ((kind & mark) === 0) apart = (kind & gap) === 0 ? widestSpacing + 1 : apart + 1
  }
  return false
}

function mayHoldBase64(text: string): boolean {
  for (const [run] of text.matchAll(base64Run)) {
    if (!/[A-Z]/.test(run)) continue
    for (let phase = 0; phase < 4; phase += 1) if (mayBeReadable(Buffer.from(run.slice(phase), 'base64'))) return true
  }
  return false
}

function mayHoldPairs(text: string): boolean {
  for (const [run] of text.matchAll(pairRun)) {
    const digits = run.replace(notHexadecimal, '')
    if (digits.length < shortestPairs) continue
    for (let phase = 0; phase < 2; phase += 1) if (mayBeReadable(Buffer.from(digits.slice(phase), 'hex'))) return true
  }
  return false
}

/**
 * Is the text such that no detector but the one of SQL finds anything in any of its readings? Sound, not complete:
 * - No sign of an address stands in it, no backslash, and neither an escape, a link, a tag nor a soft break. Of what a
 *   renderer takes out it has single marks of emphasis and of code alone.
 * - A reading may lack some of its marks or have a blank for one. Runs are therefore counted as if no mark were there,
 *   and the words and beginnings that a detector goes by are looked for in the text without any.
 * - Fewer digits beside each other than any number has, but for dates, which no number is made of.
 * - Runs of base64 and of hexadecimal pairs say nothing, wherever they are cut. What is left has no name of a secret
 *   where a value is given, and where a run is as long as a key, nothing that a key begins with.
 */
export function isInert(text: string): boolean {
  if (text.length > longest) return false
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 127) return !mayHideText(text) && isInertReading(normalize(text).text)
  }
  return isInertReading(text)
}

function isInertReading(text: string): boolean {
  let seen = 0
  let digits = 0
  let spaced = 0
  let hasNumber = false
  let apart = 0
  let run = 0
  let hasKey = false
  let encoded = 0
  let capitals = 0
  let hasBase64 = false
  let pairs = 0
  let hasPairs = false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    const kind =
      code < 128
        ? (bits[code] as number)
        : code === 0x2028 || code === 0x2029
          ? 0
          : isBullet(code)
            ? allowed | gap
            : allowed
    if (kind === 0) return false
    seen |= kind
    if ((kind & mark) !== 0) {
      pairs += 1
      if (code === underscore || code === tilde) run += 1
      if (code === underscore) encoded += 1
    } else {
      if ((kind & token) === 0) {
        run = 0
        encoded = 0
        capitals = 0
      } else {
        run += 1
        encoded += 1
        capitals |= kind & capital
        if (code === point) {
          encoded = 0
          capitals = 0
        }
      }
      pairs = (kind & pair) === 0 ? 0 : pairs + 1
      if ((kind & digit) !== 0) {
        digits = apart > widestGap ? 1 : digits + 1
        spaced = apart > widestSpacing ? 1 : spaced + 1
        apart = 0
        if (digits >= fewestDigits || spaced >= fewestSpaced) hasNumber = true
      } else apart = (kind & gap) === 0 ? widestSpacing + 1 : apart + 1
    }
    if (capitals !== 0 && encoded >= shortestBase64) hasBase64 = true
    if (run >= shortestKey) hasKey = true
    if (pairs >= shortestPairs) hasPairs = true
  }
  const bare = (seen & mark) === 0 ? text : text.replace(marks, '')
  if (hasNumber && (text.length > longestDated || text.includes('+'))) return false
  if (doubtful.test(bare) || ((seen & hint) !== 0 && hinted.test(bare))) return false
  if (hasKey && (keys.test(bare) || keyWords.test(bare) || wrapped.test(bare))) return false
  if (hasNumber && hasLongNumber(text.replace(date, ';'))) return false
  return !(hasBase64 && mayHoldBase64(bare)) && !(hasPairs && (/0x/i.test(bare) || mayHoldPairs(bare)))
}
