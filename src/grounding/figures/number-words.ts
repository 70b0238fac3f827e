const small = words(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
)
const tens = words('- - twenty thirty forty fifty sixty seventy eighty ninety')
const scales = new Map([
  ['hundred', 100],
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
  ['trillion', 1e12],
])
const ordinals = words(
  '- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth',
)
const parts: ReadonlyMap<string, number> = new Map([
  ['half', 50],
  ['third', 100 / 3],
  ['thirds', 100 / 3],
  ['quarter', 25],
  ['quarters', 25],
  ['fifth', 20],
  ['fifths', 20],
  ['tenth', 10],
  ['tenths', 10],
])

function words(list: string): ReadonlyMap<string, number> {
  return new Map(list.split(' ').map((word, value) => [word, value]))
}

const names = [...small.keys(), ...tens.keys(), ...scales.keys()].filter((word) => word !== '-').join('|')

/** "twenty-five", "two hundred and five", "a dozen", "three million". */
export const numberWords = new RegExp(`\\b(?:a dozen|(?:${names})(?:(?:[ -]| and )(?:${names}))*)\\b`, 'giu')
export const ordinalWords = new RegExp(
  `\\b(?:${[...ordinals.keys()].filter((word) => word !== '-').join('|')})\\b`,
  'giu',
)
/** Numbers of things that are counted in words or in one or two digits, as a part of an expression. */
export const countWords = String.raw`\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve`

/** The number that such a part says; null for none. */
export function countOf(text: string): number | null {
  if (/^\d{1,2}$/.test(text)) return Number(text)
  return small.get(text.toLowerCase()) ?? null
}

/** "half", "a third", "two thirds", "three quarters", where "of" or a bound follows. */
export const fractionWords =
  /\b(?:(a|one|two|three|four|nearly|about|over|roughly) )?(half|third|thirds|quarter|quarters|fifth|fifths|tenth|tenths) (?=of\b)/giu

/** The value of words for a number; null for what is none, as "hundred million two". */
export function valueOfWords(text: string): number | null {
  if (/^a dozen$/i.test(text)) return 12
  let total = 0
  let current = 0
  let last = 1000
  for (const word of text.toLowerCase().split(/[ -]+/)) {
    if (word === 'and') continue
    const scale = scales.get(word)
    const value = small.get(word) ?? (tens.get(word) ?? 0) * 10
    if (scale === 100) current = Math.max(current, 1) * 100
    else if (scale !== undefined) {
      total += Math.max(current, 1) * scale
      current = 0
    } else {
      // "two three" is no number: behind a word stands a smaller one.
      if (value >= last) return null
      current += value
    }
    last = scale === undefined ? (value >= 20 ? 10 : 0) : 100
  }
  return total + current
}

export function ordinalOf(word: string): number | null {
  const value = ordinals.get(word.toLowerCase())
  return value === undefined || value === 0 ? null : value
}

/** A fraction in percent: "two thirds" is 66.7. */
export function percentOfFraction(count: string | undefined, part: string): number | null {
  const one = parts.get(part.toLowerCase())
  if (one === undefined) return null
  const several = count === undefined ? undefined : small.get(count.toLowerCase())
  return one * (several === undefined || several === 0 ? 1 : several)
}
