/** What a text has that a detector could go by, seen in one pass: most texts have nothing, and are done with. */
export interface Traits {
  readonly digits: number
  /** The most digits one behind the other with no more than five other characters between them. */
  readonly closestDigits: number
  /** Are there two digits right behind two letters of ASCII? */
  readonly hasLettersBeforeDigits: boolean
  /** Longest run of characters of a key, a token or an encoding. */
  readonly longestRun: number
  /** The longest run among those that hold a capital letter. */
  readonly longestMixedRun: number
  /** Longest run of characters of hexadecimal pairs, with what may stand between them. */
  readonly longestPairs: number
  readonly hasAt: boolean
  /** An equals sign or a colon: something is given a value. */
  readonly hasValue: boolean
  /** A word or a bracket by which an address is spelled. */
  readonly hasSpelling: boolean
  /** A character that Markdown, HTML or an escape begins with. */
  readonly hasMarkup: boolean
  /** Does the text hold only printable ASCII, tabs and line ends? */
  readonly isPlain: boolean
}

// One bit for each question that is asked of a character.
const runBit = 1
const pairBit = 2
const digitBit = 4
const markupBit = 8
const valueBit = 16
const spellingBit = 32
const plainBit = 64
const atBit = 128
const capitalBit = 256
const letterBit = 512
const mostBetweenDigits = 5

function table(): Uint16Array {
  const bits = new Uint16Array(128)
  const set = (characters: string, bit: number) => {
    for (let index = 0; index < characters.length; index += 1) bits[characters.charCodeAt(index)]! |= bit
  }
  const letters = 'abcdefghijklmnopqrstuvwxyz'
  set(`${letters}${letters.toUpperCase()}0123456789_+/.~-`, runBit)
  set('0123456789abcdefABCDEF :,-xX\\\n\r', pairBit)
  set('0123456789', digitBit)
  set('*_~`&\\<%=[>', markupBit)
  set(':=', valueBit)
  set('([{<dD', spellingBit)
  set('@', atBit)
  set(letters.toUpperCase(), capitalBit)
  set(letters + letters.toUpperCase(), letterBit)
  for (let code = 32; code < 127; code += 1) bits[code]! |= plainBit
  set('\t\n\r', plainBit)
  return bits
}

const bitsOf = table()
/** Of a small letter that is no digit of a pair, and begins no word by which an address is spelled. */
const smallLetterBits = runBit | letterBit | plainBit
const spelled = /^(?:dot|[[({<]\s?[.@ad])/i

/**
 * Is a character by which something is marked up one here? A percent sign is with two digits of its escape behind it, an
 * equals sign with a byte of a mail or the end of a line, `<` and `&` with what can begin a tag or a reference, `>` where a
 * line begins, `~` twice. The others always are.
 */
function marksUp(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  const next = text.charCodeAt(at + 1)
  if (code === percent) return isPairDigit(next) && isPairDigit(text.charCodeAt(at + 2))
  if (code === equals) return isPairDigit(next) || next === 10 || next === 13
  if (code === less) return isAsciiLetter(next) || next === slash || next === exclamation
  if (code === ampersand) return isAsciiLetter(next) || next === hash
  if (code === tilde) return next === tilde
  return code !== greater || at === 0 || mayQuoteBehind.has(text.charCodeAt(at - 1))
}

const [percent, equals, less, ampersand, tilde, greater] = [37, 61, 60, 38, 126, 62]
const [slash, exclamation, hash] = [47, 33, 35]
/** What stands before the sign of a quotation: the beginning of a line, a blank, another such sign. */
const mayQuoteBehind: ReadonlySet<number> = new Set([9, 10, 32, greater])

/** Do blanks stand before the end of a line? */
function isSoftBreak(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  const last = before === 13 ? text.charCodeAt(at - 2) : before
  return last === 32 || last === 9
}

const isAsciiLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
const isPairDigit = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102)

export function traitsOf(text: string): Traits {
  let seen = 0
  let all = plainBit
  let digits = 0
  let run = 0
  let pairs = 0
  let longestRun = 0
  let longestMixedRun = 0
  let hasCapital = false
  let longestPairs = 0
  let hasSpelling = false
  let hasMarkup = false
  let close = 0
  let closest = 0
  let between = 0
  let lettersBefore = 0
  let isBehindLetters = false
  let hasLettersBeforeDigits = false
  const { length } = text
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index)
    const bits = code < 128 ? (bitsOf[code] as number) : 0
    seen |= bits
    all &= bits
    // Most characters are letters that are nothing else.
    if (bits === smallLetterBits) {
      run += 1
      if (pairs > longestPairs) longestPairs = pairs
      pairs = 0
      between += 1
      lettersBefore += 1
      isBehindLetters = false
      continue
    }
    if ((bits & runBit) === 0) {
      if (run > longestRun) longestRun = run
      if (hasCapital && run > longestMixedRun) longestMixedRun = run
      run = 0
      hasCapital = false
    } else {
      run += 1
      if ((bits & capitalBit) !== 0) hasCapital = true
    }
    if ((bits & pairBit) === 0) {
      if (pairs > longestPairs) longestPairs = pairs
      pairs = 0
    } else pairs += 1
    if ((bits & digitBit) === 0) {
      between += 1
      lettersBefore = (bits & letterBit) === 0 ? 0 : lettersBefore + 1
      isBehindLetters = false
      if (code === 10 && !hasMarkup) hasMarkup = isSoftBreak(text, index)
    } else {
      digits += 1
      close = between > mostBetweenDigits ? 1 : close + 1
      between = 0
      if (close > closest) closest = close
      if (isBehindLetters) hasLettersBeforeDigits = true
      isBehindLetters = lettersBefore > 1
      lettersBefore = 0
    }
    if ((bits & markupBit) !== 0 && !hasMarkup) hasMarkup = marksUp(text, index)
    if ((bits & spellingBit) !== 0 && !hasSpelling) hasSpelling = spelled.test(text.slice(index, index + 3))
  }
  if (run > longestRun) longestRun = run
  if (hasCapital && run > longestMixedRun) longestMixedRun = run
  if (pairs > longestPairs) longestPairs = pairs
  return {
    digits,
    closestDigits: closest,
    hasLettersBeforeDigits,
    longestRun,
    longestMixedRun,
    longestPairs,
    hasAt: (seen & atBit) !== 0,
    hasValue: (seen & valueBit) !== 0,
    hasSpelling,
    hasMarkup,
    isPlain: (all & plainBit) !== 0,
  }
}
