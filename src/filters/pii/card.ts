import type { Match } from '../text-filter.ts'
import { subjectAt, type Subject } from './context.ts'

interface Brand {
  /** Inclusive ranges of the leading digits. */
  readonly prefixes: readonly (readonly [low: string, high: string])[]
  readonly lengths: readonly number[]
}

const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

// Issuer ranges as published by the networks (ISO/IEC 7812 registry, https://en.wikipedia.org/wiki/Payment_card_number).
const brands: readonly Brand[] = [
  { prefixes: [['4', '4']], lengths: [13, 16, 19] },
  { prefixes: [['51', '55'], ['2221', '2720']], lengths: [16] },
  { prefixes: [['34', '34'], ['37', '37']], lengths: [15] },
  { prefixes: [['6011', '6011'], ['622126', '622925'], ['644', '659']], lengths: span(16, 19) },
  { prefixes: [['300', '305'], ['3095', '3095'], ['36', '36'], ['38', '39']], lengths: span(14, 19) },
  { prefixes: [['3528', '3589']], lengths: span(16, 19) },
  { prefixes: [['1800', '1800'], ['2131', '2131']], lengths: [15] },
  { prefixes: [['62', '62'], ['81', '81']], lengths: span(16, 19) },
  { prefixes: [['2200', '2205']], lengths: span(16, 19) },
  { prefixes: [['50', '50'], ['56', '58'], ['6304', '6304'], ['639', '639'], ['67', '67'], ['0604', '0604']], lengths: span(12, 19) },
] // prettier-ignore

const run = /(?<![\p{L}\p{N}_])\d(?:[ .\-/_\n]?\d){11,400}(?![\p{L}\p{N}_])/gu
const groupings =
  /^(?:\d+|\d{4}(?:\D\d{4}){2,3}(?:\D\d{1,4})?|\d{4}\D\d{6}\D\d{4,5}|\d(?:\D\d)+|\d\d(?:\D\d\d)+|\d{8} \d{8})$/

export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    const doubled = index % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0 && /[1-9]/.test(digits)
}

function hasBrand(digits: string): boolean {
  return brands.some(
    ({ prefixes, lengths }) =>
      lengths.includes(digits.length) &&
      prefixes.some(([low, high]) => {
        const head = digits.slice(0, low.length)
        return head >= low && head <= high
      }),
  )
}

/** A fraction (`0.4539148…`) and the tail of a longer number are measurements, not cards. */
function isPartOfNumber(text: string, start: number, end: number): boolean {
  return (
    /\d[.,]$/.test(text.slice(Math.max(0, start - 2), start)) || /^[.,](?!0+(?!\d))\d/.test(text.slice(end, end + 6))
  )
}

/** Every stretch of whole groups with as many digits as a card has: "12 4111 1111 1111 1111" holds one. */
function* stretches(text: string, start: number): Generator<{ readonly raw: string; readonly start: number }> {
  const groups = [...text.matchAll(/\d+/g)].map((match) => ({ from: match.index, to: match.index + match[0].length }))
  for (const [index, first] of groups.entries()) {
    let digits = 0
    for (const last of groups.slice(index)) {
      digits += last.to - last.from
      if (digits > 19) break
      if (digits >= 12) yield { raw: text.slice(first.from, last.to), start: start + first.from }
    }
  }
}

/** A number may be wrapped at the end of a line once; a column of numbers is none. */
function isColumn(raw: string): boolean {
  const breaks = raw.split('\n').length - 1
  return breaks > 1 || (breaks === 1 && !/[^\d\n]/.test(raw))
}

function scoreOf(text: string, raw: string, { start, column }: { start: number; column: Subject | null }): number {
  const digits = raw.replace(/\D/g, '')
  if (!passesLuhn(digits) || !groupings.test(raw) || isColumn(raw) || isPartOfNumber(text, start, start + raw.length))
    return 0
  const subject = subjectAt(text, start, column)
  if (subject === 'card') return 0.98
  if (!hasBrand(digits)) return 0
  // Short numbers share their range with everyday identifiers.
  return digits.length < 13 || (subject === 'other' && digits.length < 16) ? 0.4 : 0.85
}

/** Card numbers: a network's prefix and length, the usual groupings, and Luhn's check digit. */
export function findCards(text: string, column: Subject | null): Match[] {
  const matches: Match[] = []
  for (const found of text.matchAll(run)) {
    for (const { raw, start } of stretches(found[0], found.index)) {
      const score = scoreOf(text, raw, { start, column })
      if (score > 0) matches.push({ start, end: start + raw.length, category: 'pii/card', score })
    }
  }
  return matches
}
