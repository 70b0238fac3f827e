/** What a text has that a detector could go by, seen in one pass: most texts have nothing, and are done with. */
export interface Traits {
  readonly digits: number
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
  for (let code = 32; code < 127; code += 1) bits[code]! |= plainBit
  set('\t\n\r', plainBit)
  return bits
}

const bitsOf = table()
const spelled = /^(?:dot|[[({<]\s?[.@ad])/i

export function traitsOf(text: string): Traits {
  let seen = 0
  let all = plainBit
  let digits = 0
  let run = 0
  let pairs = 0
  let longestRun = 0
  let longestMixedRun = 0
  let capital = 0
  let longestPairs = 0
  let hasSpelling = false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    const bits = code < 128 ? (bitsOf[code] as number) : 0
    seen |= bits
    all &= bits
    if ((bits & runBit) === 0) {
      run = 0
      capital = 0
    } else {
      run += 1
      capital |= bits & capitalBit
      if (run > longestRun) longestRun = run
      if (capital !== 0 && run > longestMixedRun) longestMixedRun = run
    }
    pairs = (bits & pairBit) === 0 ? 0 : pairs + 1
    if (pairs > longestPairs) longestPairs = pairs
    digits += (bits & digitBit) >> 2
    if ((bits & spellingBit) !== 0 && !hasSpelling) hasSpelling = spelled.test(text.slice(index, index + 3))
  }
  return {
    digits,
    longestRun,
    longestMixedRun,
    longestPairs,
    hasAt: (seen & atBit) !== 0,
    hasValue: (seen & valueBit) !== 0,
    hasSpelling,
    hasMarkup: (seen & markupBit) !== 0 || text.includes(' \n'),
    isPlain: (all & plainBit) !== 0,
  }
}
