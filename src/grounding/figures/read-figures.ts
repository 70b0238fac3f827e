import { readDates } from './dates.ts'
import { relativeDates } from './relative-dates.ts'
import type { Figure } from './figure.ts'
import { withPlainDigits } from './disguised-figures.ts'
import { withoutNoClaims } from './no-claims.ts'
import { fractionWords, numberWords, ordinalOf, ordinalWords, percentOfFraction, valueOfWords } from './number-words.ts'
import { currencyOf, magnitudeOf, measureOf } from './units.ts'

const digits = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!,?\d)|\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![.]?\d)|\d{1,3}(?:[\u00a0\u202f’']\d{3})+(?:[.,]\d+)?|(?<![\d.,] ?)\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?![\d ]?\d)|\d+(?:[.,]\d+)?(?:e[+-]?\d{1,3})?|(?<!\d)\.\d+`
const sign = String.raw`(?:(?<![\p{L}\p{N})%.])[-−–+])?`
const before = String.raw`(?:(?:US|CA|AU)?[$€£¥₹]|(?<!\p{L})(?:USD|EUR|GBP|CHF|JPY|CNY|INR|Rs\.?)) ?`
const magnitude = String.raw`(?:[ \u00a0\u202f-]?(?:thousand|millions?|billions?|trillions?|mn|bn|tn|Tsd\.?|Mio\.?|Mrd\.?|Tausend|Millionen|Milliarden?|milliards?|millones|mille)|[kKmMbB]| [kKmM](?= ?[€$£]))(?!\p{L})`
const behind = String.raw`[ \u00a0\u202f-]?(?:%|percentage[ -]points?|percent|per cent|Prozentpunkten?|Prozent|pour cent|pp\b|€|£|\$|EUR\b|USD\b|GBP\b|CHF\b|dollars?\b|euros?\b|pounds?\b|(?:st|nd|rd|th)\b)`
const number = new RegExp(`(${sign})(${before})?(${sign})(${digits})(${magnitude})?(${behind})?`, 'giu')

const about =
  /(?:\babout|\baround|\broughly|\bapprox(?:imately|\.)?|[~≈]|\bcirca|\bca\.|\bsome|\brund|\betwa|\bungef[aä]hr|\benviron|\balmost exactly)\s*$/i
const over = /(?:\b(?:just |slightly |well )?(?:over|above|more than|exceed(?:s|ed|ing)?|mehr als|über|plus de)|>)\s*$/i
const atLeast = /(?:\bat least|\bupwards of|\bno (?:less|fewer) than|≥|>=)\s*$/i
const under =
  /(?:\b(?:just |slightly |well )?(?:under|below|less than|fewer than|(?<!add |adds |added |adding |amount |amounts )up to|nearly|almost|close to|weniger als|knapp|fast|moins de|presque)|<)\s*$/i
const atMost = /(?:\bat most|\bno more than|≤|<=)\s*$/i

const german =
  /\b(?:der|die|das|und|ist|nicht|mit|von|für|im|le|la|les|des|est|une|dans|pour|el|los|las|una|para|bei|beträgt|liegt|war|waren|sind|hat|haben|auf|zu|pour|avec|sont)\b/gi
const english = /\b(?:the|and|is|was|are|were|of|in|for|with|has|have|by)\b/gi

/** The sentence that a place stands in, as far as stops tell, and no more than 300 characters on either side. */
function around(text: string, at: number): string {
  const first = Math.max(0, at - 300)
  const lead = text.slice(first, at + 2)
  const rest = text.slice(at, at + 300)
  const start = Math.max(0, ...['\n', '. '].map((stop) => lead.lastIndexOf(stop, at - first)))
  const ends = ['\n', '. '].map((stop) => rest.indexOf(stop)).filter((end) => end !== -1)
  return lead.slice(start, at - first) + rest.slice(0, Math.min(rest.length, ...ends))
}

/** Is a comma what stands before decimals? */
function hasDecimalComma(text: string): boolean {
  return (text.match(german)?.length ?? 0) > (text.match(english)?.length ?? 0)
}

export interface ReadingOptions {
  /** The day by which "last year" is meant; undefined where nobody knows one. */
  readonly asOf?: string | undefined
  /** So many are found, from the beginning of the text; what is behind them may be missing. */
  readonly most?: number
}

/** The figures, dates and ranks that an answer claims, in the order of the text. */
export function readFigures(text: string, { asOf, most = Infinity }: ReadingOptions = {}): readonly Figure[] {
  const masked = withoutNoClaims(withPlainDigits(text))
  const found: Figure[] = readDates(masked).map((date): Figure =>
    Object.assign(
      { text: text.slice(date.start, date.end), kind: 'date' as const, unit: null, signed: false, weak: false },
      date,
    ),
  )
  if (asOf !== undefined) found.push(...relativeDates(masked, asOf))
  const taken = new Uint8Array(text.length)
  for (const { start, end } of found) taken.fill(1, start, end)
  const add = (pattern: RegExp, read: (match: RegExpExecArray) => Figure | null): void => {
    // Each way adds its first ones: all of them together have the first ones of the text.
    let left = most
    for (const match of masked.matchAll(pattern)) {
      if (left <= 0) return
      const figure = read(match)
      if (figure === null || taken.subarray(figure.start, figure.end).includes(1)) continue
      taken.fill(1, figure.start, figure.end)
      found.push(figure)
      left -= 1
    }
  }
  add(number, (match) => numberOf(text, match))
  add(fractionWords, (match) => fractionOf(text, match))
  add(numberWords, (match) => wordsFigure(text, match))
  add(ordinalWords, ({ 0: word, index }) => {
    const value = ordinalOf(word)
    return value === null ? null : plain(text, index, index + word.length, { kind: 'rank', value, half: 0, weak: true })
  })
  return found.toSorted((left, right) => left.start - right.start)
}

interface Plain {
  readonly kind: Figure['kind']
  readonly value: number
  readonly half: number
  readonly weak?: boolean
  readonly unit?: string | null
  readonly signed?: boolean
  readonly others?: Figure['others']
  readonly year?: boolean
}

function plain(text: string, start: number, end: number, is: Plain): Figure {
  const { low, high } = bounded(text.slice(Math.max(0, start - 24), start), is.value, is.half)
  return {
    start,
    end,
    text: text.slice(start, end),
    kind: is.kind,
    low,
    high,
    others: is.others ?? [],
    unit: is.unit ?? null,
    signed: is.signed ?? false,
    weak: is.weak ?? false,
    ...(is.year === true ? { year: true } : {}),
  }
}

/** What is meant by a number behind "about", "over" or "nearly"; else what people would round to it. */
function bounded(lead: string, value: number, half: number): { low: number; high: number } {
  if (!mayBound(lead)) return { low: value - half, high: value + half }
  const size = Math.abs(value)
  const room = Math.max(half, Math.min(size * 0.1, Math.max(lastPlace(size) / 2, size * 0.02)))
  if (about.test(lead)) return { low: value - room, high: value + room }
  // What never went above -17.6 may have reached it.
  if (/\b(?:never|not|no|nor|none)\b[^,.;]*$/i.test(lead)) return { low: value - half, high: value + half }
  const far = Math.max(size * 0.1, half)
  // What is more than 27 is not 27; a double's own error is far below this.
  const edge = size * 1e-6
  if (atLeast.test(lead)) return { low: value, high: value + far }
  if (atMost.test(lead)) return { low: value - far, high: value }
  if (over.test(lead)) return { low: value + edge, high: value + far }
  if (under.test(lead)) return { low: value - far, high: value - edge }
  return { low: value - half, high: value + half }
}

const boundWords = new Set(
  (
    'about around roughly approx approximately circa ca some rund etwa ungefähr ungefahr environ exactly over above than least exceed exceeds exceeded ' +
    'exceeding of als über de under below most to nearly almost knapp fast presque'
  ).split(' '),
)

/** Does a text end in a word or a sign that makes a bound of what follows? Most do not, and need no further look. */
function mayBound(lead: string): boolean {
  const trimmed = lead.trimEnd().replace(/\.$/, '')
  if (/[~≈<>≤≥]$/.test(trimmed)) return true
  let start = trimmed.length
  while (start > 0 && /\p{L}/u.test(trimmed[start - 1] ?? '')) start -= 1
  return boundWords.has(trimmed.slice(start).toLowerCase())
}

/** What the last digit that is not 0 counts: 1000 of 12,000. */
function lastPlace(size: number): number {
  if (size === 0 || !Number.isInteger(size)) return 0
  const zeros = /0*$/.exec(String(size))?.[0].length ?? 0
  return 10 ** zeros
}

function numberOf(text: string, match: RegExpExecArray): Figure | null {
  const [whole, outer = '', prefix = '', inner = '', written = '', scaleWord = '', suffix = ''] = match
  const end = match.index + whole.trimEnd().length
  const start = match.index
  const meanings = meaningsOf(written, () => hasDecimalComma(around(text, start)))
  const [first] = meanings
  if (first === undefined) return null
  const scale = magnitudeOf(scaleWord.trim().replace(/^[-\s]/, ''))
  const mark = `${outer}${inner}`.trim()
  const factor = mark === '' || mark === '+' ? scale : -scale
  const kind = kindOf(prefix, suffix)
  if (kind === 'rank') return plain(text, start, end, { kind, value: first.value, half: 0 })
  const unit = currencyOf(prefix.replace(/\.$/, '')) ?? unitBehind(suffix, text.slice(end, end + 24))
  const year =
    kind === 'number' &&
    mark === '' &&
    scale === 1 &&
    /^(?:1[5-9]|20)\d\d$/.test(written) &&
    (unit === null || unit === 'in') &&
    !/^\s*(?:km|m|kg|people|units|rows|records|entries|items)\b/.test(text.slice(end, end + 10))
  const others = meanings
    .slice(1)
    .map(({ value, half }) => ({ low: value * factor - half * scale, high: value * factor + half * scale }))
  // "5m" may be five metres.
  if (/^[mMbB]$/.test(scaleWord)) others.push({ low: first.value - first.half, high: first.value + first.half })
  return plain(text, start, end, {
    kind: year ? 'date' : kind,
    value: first.value * factor,
    half: year ? 0 : first.half * scale,
    unit: year ? null : unit,
    signed: mark !== '',
    others,
    year,
  })
}

function kindOf(prefix: string, suffix: string): 'number' | 'percent' | 'money' | 'rank' {
  if (suffix === '') return prefix === '' ? 'number' : 'money'
  if (/^[\s-]*(?:st|nd|rd|th)$/i.test(suffix)) return 'rank'
  if (/%|per|pour|pp|Prozent/i.test(suffix)) return 'percent'
  return prefix !== '' || suffix.trim() !== '' ? 'money' : 'number'
}

function unitBehind(suffix: string, following: string): string | null {
  if (suffix !== '') {
    if (/point|punkt|pp/i.test(suffix)) return 'points'
    const currency = currencyOf(suffix.replace(/^[\s-]/, ''))
    if (currency !== null) return currency
  }
  const [word = ''] = /^[ -]?(?:°[CF]|km\/h|\p{L}+)/u.exec(following) ?? []
  return measureOf(word.replace(/^[ -]/, ''))
}

/** What digits mean: 1,234 is one thing in English and another in German, and people mix both. The text around them is asked for then alone. */
function meaningsOf(written: string, hasComma: () => boolean): { value: number; half: number }[] {
  if (/^\d+$/.test(written)) return [{ value: Number(written), half: 0.5 }]
  const bare = written.replaceAll(/[ \u00a0\u202f’']/g, '')
  const asEnglish = /^(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(bare)
    ? bare.replaceAll(',', '')
    : null
  const asGerman = /^(?:\d{1,3}(?:\.\d{3})+|\d+)?(?:,\d+)?$/.test(bare)
    ? bare.replaceAll('.', '').replace(',', '.')
    : null
  const comma = asEnglish !== null && asGerman !== null && asEnglish !== asGerman && hasComma()
  const order = comma ? [asGerman, asEnglish] : [asEnglish, asGerman]
  const texts = [...new Set(order.filter((text) => text !== null))]
  // In English text only what is no number in English is read the other way.
  return (comma ? texts : texts.slice(0, 1)).map((text) => ({ value: Number(text), half: halfOf(text) }))
}

function halfOf(text: string): number {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const decimals = mantissa.split('.')[1]?.length ?? 0
  return 0.5 * 10 ** (Number(exponent) - decimals)
}

function fractionOf(text: string, match: RegExpExecArray): Figure | null {
  const value = percentOfFraction(match[1], match[2] ?? '')
  if (value === null) return null
  const end = match.index + match[0].trimEnd().length
  // People say "a third" of 31 % and of 36 %.
  const figure = plain(text, match.index, end, { kind: 'percent', value, half: 2.5, weak: true })
  const room = /^(?:nearly|about|over|roughly)/i.test(match[0]) ? 5 : 2.5
  return { ...figure, low: value - room, high: value + room }
}

function wordsFigure(text: string, match: RegExpExecArray): Figure | null {
  const value = valueOfWords(match[0])
  // "one" is a pronoun.
  if (value === null || /^(?:one|hundred|thousand|million|billion|trillion)$/i.test(match[0])) return null
  const end = match.index + match[0].length
  const [percent = ''] = /^ (?:percentage points?|percent|per cent|%)/.exec(text.slice(end)) ?? []
  const scale = /(million|billion|thousand)$/i.exec(match[0])?.[1]
  const half = scale === undefined ? 0 : magnitudeOf(scale) / 2
  return plain(text, match.index, end + percent.length, {
    kind: percent === '' ? 'number' : 'percent',
    value,
    half: percent === '' ? half : 0.5,
    unit: percent.includes('point') ? 'points' : measureOf(/^[ -]?(\p{L}+)/u.exec(text.slice(end))?.[1] ?? ''),
    weak: value <= 12 && percent === '',
  })
}
