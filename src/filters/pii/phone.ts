import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js'
import type { Match } from '../text-filter.ts'
import { subjectAt, type Subject } from './context.ts'

const international = /(?<![\w+])\(?\+\(?\d(?:[ ().\-/]{0,2}\d){6,16}(?!\d)/g
const northAmericanAnywhere =
  /(?<![\w.,$€£+-])(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}([ .-]))[2-9]\d{2}[ .-]\d{4}(?![\w%]|[.,:-]\d)/g
const national = /(?<![\w.,:/$€£+-])\(?\d(?:[ ().\-/]{0,2}\d){6,16}(?![\w%]|[.,:]\d)/g
const date =
  /(?<!\d|\d[-./])(?:(?:19|20)\d{2}([-./ ])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d|\1\d)|(?:0?[1-9]|[12]\d|3[01])([-./ ])(?:0?[1-9]|[12]\d|3[01])\2(?:(?:19|20)\d{2}|\d{2})(?!\d|\2\d))/g
const address = /^\d{1,3}(?:\.\d{1,3}){3}$/
const thousands = /^[1-9]\d{0,2}(?:[ .]\d{3})+$/
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
    if (parsePhoneNumberFromString(head)?.isPossible() === true) return raw.slice(0, head.length + dropped)
    const cut = head.search(/[ ().\-/]+\d+$/)
    if (cut < 0) return null
    head = head.slice(0, cut)
  }
  return null
}

function isNationalSomewhere(raw: string): boolean {
  return homeRegions.some((region) => parsePhoneNumberFromString(raw, region)?.isValid() === true)
}

/** How sure the digits themselves make us, without any word beside them. */
function formScore(raw: string, digits: string): number {
  const separators = new Set(raw.replace(/[()]/g, ' ').replace(/^ +/, '').match(/[^\d]/g))
  // One kind of separator throughout; a single point makes a fraction.
  const isGrouped = separators.size === 1 && !/^\d+\.\d+$/.test(raw)
  const isTrunk = raw.replace('(', '').startsWith('0') && digits.length >= 9 && digits.length <= 12
  return isGrouped && isTrunk && isNationalSomewhere(raw) ? 0.6 : 0
}

function findInternational(text: string): Match[] {
  return [...text.matchAll(international)].flatMap(({ 0: raw, index: start }) => {
    const head = internationalHead(raw)
    return head === null ? [] : [{ start, end: start + head.length, category: 'pii/phone', score: 0.92 }]
  })
}

function findNational(text: string, column: Subject | null): Match[] {
  const matches: Match[] = []
  const undated = text.replace(date, (found) => '\u0000'.repeat(found.length))
  for (const { 0: raw, index: start } of undated.matchAll(national)) {
    const digits = raw.replace(/\D/g, '')
    if (digits.length > 15 || address.test(raw) || ranges.test(raw)) continue
    const subject = subjectAt(text, start, column)
    if (subject !== 'phone' && (subject !== null || thousands.test(raw))) continue
    const score = subject === 'phone' ? 0.85 : formScore(raw, digits)
    if (score > 0) matches.push({ start, end: start + raw.length, category: 'pii/phone', score })
  }
  return matches
}

/**
 * Telephone numbers: international ones by libphonenumber's plan for the country, North American and other grouped
 * national forms by shape, everything looser only where the text or the column says that it is a telephone number.
 */
export function findPhones(text: string, column: Subject | null): Match[] {
  const american = [...text.matchAll(northAmericanAnywhere)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    category: 'pii/phone',
    score: 0.8,
  }))
  return [...findInternational(text), ...american, ...findNational(text, column)]
}
