import { textBefore } from '../text-before.ts'
import { parsePhoneNumber, type CountryCode } from './phone-library.ts'
import type { Match } from '../text-filter.ts'
import { isNamedOtherwise, subjectAt, type NumberContext } from './context.ts'
import {
  hasLetters,
  hasLoneDigits,
  isAmongOthers,
  isHexadecimal,
  isInArray,
  isInPath,
  lineAt,
  siblingsOf,
} from './surroundings.ts'

const international = /(?<![\w+])\(?\+\(?\d(?:[ ().\-/]{0,2}\d){6,16}(?!\d)/g
const northAmericanAnywhere =
  /(?<![\w.$€£+-])(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}([ .-]))[2-9]\d{2}[ .-]\d{4}(?![\w%]|[.:-]\d)/g
const national = /(?<![\w.:/$€£+-])\(?\d(?:[ ().\-/]{0,2}\d){6,16}(?![\w%]|[.:]\d)/g
const date =
  /(?<!\d|\d[-./])(?:(?:19|20)\d{2}([-./ ])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d|\1\d)|(?:0?[1-9]|[12]\d|3[01])([-./ ])(?:0?[1-9]|[12]\d|3[01])\2(?:(?:19|20)\d{2}|\d{2})(?!\d|\2\d))/g
/** A measurement with a sign: one point, no other separator. */
const signedFraction = /^\+\d+\.\d+$/
const address = /^\d{1,3}(?:\.\d{1,3}){3}$/
/** As the United States write a postal code, and hardly anybody a telephone number (https://pe.usps.com/text/dmm300/602.htm). */
const postalCode = /^\d{5}-\d{4}$/
/** A parenthesis behind digits that does not close. */
const openRemark = / ?\([^)]*$/
const thousands = /^[1-9]\d{0,2}(?:[ .]\d{3})+$/
/** A fraction, but for a local number with a point in the middle (555.0143); a negative number. */
const measurement = /^-|^(?!\d{3}\.\d{4}$)\d+\.\d+$/
/** A whole number in a column of floats, as one with a missing value is printed. */
const wholeFloat = /^(\d{7,})\.0$/
/** Blanks between two columns, or the sign of the next number. */
const columnGap = /[ ]{2,}| (?=-)/g
const ranges = /^(?:1[89]|20)\d{2} ?[-/] ?(?:1[89]|20)\d{2}$/
const homeRegions: readonly CountryCode[] = [
  'GB',
  'DE',
  'FR',
  'IT',
  'NL',
  'BE',
  'CH',
  'AT',
  'AU',
  'SE',
  'JP',
  'IN',
  'TR',
  'ZA',
]

/** The longest head of `raw` that is a valid international number: a year or an amount may follow it. */
function internationalHead(raw: string): string | null {
  let head = raw.replace(/^\(?\+/, '+')
  const dropped = raw.length - head.length
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (parsePhoneNumber(head)?.isPossible() === true) return raw.slice(0, head.length + dropped)
    const shorter = head.replace(/[ ().\-/]+\d+$/, '')
    if (shorter === head) return null
    head = shorter
  }
  return null
}

/** The first digits that stand together. */
const firstGroup = (number: string): string => number.replace(/^\D*(\d*)[^]*/, '$1')

/** One digit more or fewer in front is another habit of the same country: 0151 and 01513, 020 and 0207. */
function isAreaCode(given: string, usual: string): boolean {
  const isClose = Math.abs(given.length - usual.length) < 2
  return isClose && (given.startsWith(usual) || usual.startsWith(given))
}

/**
 * Countries in which this is a number, with what is set apart in front as the country's own way of writing sets it apart:
 * an identifier in groups has its first mark anywhere (`051-1705159`).
 */
function plansOf(raw: string, regions: readonly CountryCode[] = homeRegions): CountryCode[] {
  return regions.filter((region) => {
    const parsed = parsePhoneNumber(raw, region)
    if (parsed?.isValid() !== true) return false
    return isAreaCode(firstGroup(raw), firstGroup(parsed.formatNational()))
  })
}

/** Is it written to the letter as one of the countries writes it? Sweden has a dash behind the area and blanks after it. */
function isOwnForm(raw: string): boolean {
  return homeRegions.some((region) => parsePhoneNumber(raw, region)?.formatNational() === raw)
}

/** Are the numbers beside it in its list numbers of the same country, too? */
function hasPlan(text: string, { raw, start }: { readonly raw: string; readonly start: number }): boolean {
  const plans = plansOf(raw)
  if (plans.length === 0) return false
  const siblings = siblingsOf(text, start, start + raw.length)
  return plans.some((region) => {
    const others = siblings.filter((other) => !other.startsWith('0') || plansOf(other, [region]).length === 0)
    return others.length * 5 <= siblings.length
  })
}

/** Is the number one of several in a row that the same blank sets apart? */
function isInRow(text: string, start: number, end: number): boolean {
  return /\d[ \t]$/.test(textBefore(text, start, 2)) || /^[ \t][-+]?[\da-f]{1,2}\b/i.test(text.slice(end, end + 4))
}

/** Does a digest, a dump or an identifier go on where the number ends? */
function isLongerToken(text: string, end: number): boolean {
  return /^[-_][A-Za-z0-9]/.test(text.slice(end, end + 2))
}

/** Groups that blanks alone set apart: numbers of a table are written the same way. */
function isRowOfNumbers(text: string, { raw, start }: { readonly raw: string; readonly start: number }): boolean {
  if (!/^[\d\s]+$/.test(raw)) return isLongerToken(text, start + raw.length)
  const end = start + raw.length
  if (isInRow(text, start, end) || isInArray(text, start, end) || isInPath(text, start, end)) return true
  return !hasLetters(lineAt(text, start)) && isAmongOthers(text, { start, end }, (other) => other !== '')
}

/** How sure the digits themselves make us, without any word beside them. */
function formScore(text: string, { raw, start }: { readonly raw: string; readonly start: number }): number {
  const digits = raw.replace(/\D/g, '')
  // No number but a telephone's is printed with a zero in front, and no trunk prefix stands alone; two zeros lead abroad.
  if (!/^\(?0[1-9]/.test(raw) || digits.length < 9 || digits.length > 12) return 0
  const separators = new Set(raw.replace(/[()]/g, ' ').replace(/^ +/, '').match(/[^\d]/g))
  // One kind of separator throughout or the country's own; a single point makes a fraction.
  const isGrouped = separators.size === 1 ? !/^\d+\.\d+$/.test(raw) : separators.size > 1 && isOwnForm(raw)
  const isDivided = raw.split('/').length > 2
  const isAmount = /\d,$/.test(textBefore(text, start, 2)) && /^\d{3}(?:[ .]\d{3})+$/.test(raw)
  if (!isGrouped || isDivided || isAmount || hasLoneDigits(raw) || postalCode.test(raw)) return 0
  if (isRowOfNumbers(text, { raw, start }) || isHexadecimal(text, start, start + raw.length)) return 0
  return hasPlan(text, { raw, start }) ? 0.6 : 0
}

function findInternational(text: string, { isWanted }: NumberContext): Match[] {
  return [...text.matchAll(international)].flatMap(({ 0: found, index: start }) => {
    const [raw = ''] = found.split(columnGap)
    if (signedFraction.test(raw) || !isWanted(start, start + raw.length)) return []
    const head = internationalHead(raw)
    return head === null ? [] : [{ start, end: start + head.length, category: 'pii/phone', score: 0.92 }]
  })
}

/** A word before the number says telephone; far from it, across a column, only a number that can be nothing else is one. */
function isNamed(text: string, { raw, start }: { readonly raw: string; readonly start: number }): boolean {
  if (hasLoneDigits(raw)) return false
  const isFar = /\p{L}["']?(?:\s{2,}|\t)(?:[\d.,%+-]+(?:\s{2,}|\t))*$/u.test(textBefore(text, start, 40))
  return !isFar || raw.replace(/\D/g, '').length >= 9 || /^\(?0|[-/.()]/.test(raw)
}

/** `555-0143 (2024`: what a parenthesis adds is no part of the number. */
const withoutRemark = (raw: string): string => raw.slice(0, 1) + raw.slice(1).replace(openRemark, '')

/** What stands between two columns' gaps is a candidate of its own. */
function* nationalCandidates(
  text: string,
  isWanted: NumberContext['isWanted'],
): Generator<{ readonly raw: string; readonly start: number }> {
  for (const { 0: found, index } of text.matchAll(national)) {
    if (!isWanted(index, index + found.length)) continue
    let from = 0
    for (const gap of [...found.matchAll(columnGap), null]) {
      const raw = withoutRemark(found.slice(from, gap?.index).replace(wholeFloat, '$1'))
      if (raw.replace(/\D/g, '').length >= 7) yield { raw, start: index + from }
      if (gap !== null) from = gap.index + gap[0].length
    }
  }
}

function findNational(text: string, { column, isWanted }: NumberContext): Match[] {
  const matches: Match[] = []
  const undated = text.replace(date, (found) => '\u0000'.repeat(found.length))
  for (const { raw, start } of nationalCandidates(undated, isWanted)) {
    if (!isWanted(start, start + raw.length)) continue
    const digits = raw.replace(/\D/g, '')
    if (digits.length > 15 || address.test(raw) || ranges.test(raw) || measurement.test(raw)) continue
    const subject = subjectAt(text, start, column)
    if (subject !== 'phone' && (subject !== null || thousands.test(raw))) continue
    const isCalledPhone = subject === 'phone' && (column === 'phone' || isNamed(text, { raw, start }))
    const score = isCalledPhone ? 0.85 : subject === 'phone' ? 0 : formScore(text, { raw, start })
    if (score > 0) matches.push({ start, end: start + raw.length, category: 'pii/phone', score })
  }
  return matches
}

function findNorthAmerican(text: string, { column, isWanted }: NumberContext): Match[] {
  const matches: Match[] = []
  for (const { 0: raw, index: start } of text.matchAll(northAmericanAnywhere)) {
    if (!isWanted(start, start + raw.length)) continue
    if (isRowOfNumbers(text, { raw, start }) || isNamedOtherwise(text, start, column)) continue
    matches.push({ start, end: start + raw.length, category: 'pii/phone', score: 0.8 })
  }
  return matches
}

/**
 * Telephone numbers: international ones by libphonenumber's plan for the country, North American and other grouped
 * national forms by shape, everything looser only where the text or the column says that it is a telephone number.
 */
export function findPhones(text: string, context: NumberContext): Match[] {
  return [...findInternational(text, context), ...findNorthAmerican(text, context), ...findNational(text, context)]
}
