import { textBefore } from '../text-before.ts'
import type { Match } from '../text-filter.ts'
import { subjectAt, type NumberContext, type Subject } from './context.ts'
import { hasLetters, isAmongOthers, isHexadecimal, isInArray, isInPath, lineAt } from './surroundings.ts'

interface Brand {
  /** Inclusive ranges of the leading digits. */
  readonly prefixes: readonly (readonly [low: string, high: string])[]
  readonly lengths: readonly number[]
}

const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

// Issuer ranges as published by the networks (ISO/IEC 7812 registry, https://en.wikipedia.org/wiki/Payment_card_number).
// Discover's range 622126 to 622925 is a part of UnionPay's.
const brands: readonly Brand[] = [
  { prefixes: [['4', '4']], lengths: [13, 16, 19] },
  { prefixes: [['51', '55'], ['2221', '2720']], lengths: [16] },
  { prefixes: [['34', '34'], ['37', '37']], lengths: [15] },
  { prefixes: [['6011', '6011'], ['644', '659']], lengths: span(16, 19) },
  { prefixes: [['300', '305'], ['3095', '3095'], ['36', '36'], ['38', '39']], lengths: span(14, 19) },
  { prefixes: [['3528', '3589']], lengths: span(16, 19) },
  { prefixes: [['1800', '1800'], ['2131', '2131']], lengths: [15] },
  { prefixes: [['62', '62'], ['81', '81']], lengths: span(16, 19) },
  { prefixes: [['2200', '2205']], lengths: span(16, 19) },
  { prefixes: [['50', '50'], ['56', '58'], ['6304', '6304'], ['639', '639'], ['67', '67'], ['0604', '0604']], lengths: span(12, 19) },
] // prettier-ignore

/** Fewer characters hold no card: where less of a number is left, none is read. */
const run = /(?<![\p{L}\p{N}_])(?=[\d .\-/_\n]{12})\d+(?:[ .\-/_\n]\d+)*(?![\p{L}\p{N}_])/gu
const groupings = /^(?:\d+|\d{4}(?:\D\d{4}){2,3}(?:\D\d{1,4})?|\d{4}\D\d{6}\D\d{4,5})$/
/** One digit or two at a time, or eight: how labels, counts and identifiers are printed, too. */
const looseGroupings = /^(?:\d(?:\D\d)+|\d\d(?:\D\d\d)+|\d{8} \d{8})$/
const maximumGroups = 5
/** What is printed behind a whole number in a column of floats, as one with a missing value is. */
const wholeFraction = /^\.0(?!\d)/
/** Eight groups of four digits or more, set apart by blanks. */
const fours = /(?<![\w/.-])\d{4}(?: \d{4}){7,}(?![\w/-])/g

export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    const doubled = index % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0 && /[1-9]/.test(digits)
}

export function hasBrand(digits: string): boolean {
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
export function isPartOfNumber(text: string, start: number, end: number): boolean {
  const before = textBefore(text, start, 3)
  return /\d\.$|(?<![\d,])0,$/.test(before) || /^\.(?!0+(?!\d))\d/.test(text.slice(end, end + 6))
}

interface Stretch {
  readonly raw: string
  readonly start: number
}

interface Group {
  readonly from: number
  readonly to: number
}

function groupsOf(row: string): Group[] {
  return [...row.matchAll(/\d+/g)].map((match) => ({ from: match.index, to: match.index + match[0].length }))
}

/** Is the group beside a stretch one of a table's numbers, or another group of the same card? */
function isAlike(row: string, group: Group | undefined, separator: string): boolean {
  if (group === undefined) return false
  const width = group.to - group.from
  const isAlone = [row[group.from - 1], row[group.to]].every((mark) => mark === undefined || mark === separator)
  return isAlone && width > 3 && width < 9
}

/** A card may have its date and its code beside it; more groups of three digits or four make a row of numbers. */
const mostBeside = 1

/** The groups as wide as a card's, or as its code, that one blank after the other joins to a stretch on one side. */
function countBeside(
  row: string,
  groups: readonly Group[],
  { at, step }: { readonly at: number; readonly step: 1 | -1 },
): number {
  let count = 0
  for (let index = at; ; index += step) {
    const group = groups[index]
    if (group === undefined || row[step === 1 ? group.from - 1 : group.to] !== ' ') return count
    const width = group.to - group.from
    const isAlone = [row[group.from - 1], row[group.to]].every((mark) => mark === undefined || mark === ' ')
    if (!isAlone || width < 3 || width > 4) return count
    count += 1
  }
}

/** Does a number end where this character stands beside it, `beside` being the group behind the character? */
function setsOff(
  row: string,
  { at, beside }: { readonly at: number; readonly beside: Group | undefined },
  inner: string,
): boolean {
  const separator = row[at]
  if (separator === undefined) return true
  if (separator === '/') return !inner.includes('/')
  if (separator === '.') return wholeFraction.test(row.slice(at))
  if (separator !== ' ' && separator !== '\n') return false
  return !inner.includes(separator) || !isAlike(row, beside, separator)
}

/** Cards one behind the other in a line, four groups each: every one has to be a card. */
function* rowOfCards(line: string, start: number): Generator<Stretch> {
  for (const { 0: row, index } of line.matchAll(fours)) {
    const cards = [...row.matchAll(/\d{4} \d{4} \d{4} \d{4}/g)]
    if (row.length !== cards.length * 20 - 1 || !cards.every(([raw]) => isCard(raw))) continue
    for (const card of cards) yield { raw: card[0], start: start + index + card.index }
  }
}

/** Is it grouped as a card is, with its check digit? Most numbers are not: nothing else of them is looked at. */
function isCardShaped(raw: string): boolean {
  return (looseGroupings.test(raw) || groupings.test(raw)) && passesLuhn(raw.replace(/\D/g, ''))
}

/**
 * The stretches of whole groups with as many digits as a card has. A stretch inside a longer row of groups counts only
 * where the groups beside it are set off otherwise or short: "12 4111 1111 1111 1111" holds a card, a row of a matrix
 * does not.
 */
function* stretchesOf(row: string): Generator<Stretch> {
  const groups = groupsOf(row)
  for (const line of row.matchAll(/[^\n]+/g)) {
    if (looseGroupings.test(line[0])) yield { raw: line[0], start: line.index }
    yield* rowOfCards(line[0], line.index)
  }
  for (const [index, first] of groups.entries()) {
    let digits = 0
    for (const [further, last] of groups.slice(index, index + maximumGroups).entries()) {
      const at = index + further
      digits += last.to - last.from
      if (digits > 19) break
      if (digits < 12) continue
      const raw = row.slice(first.from, last.to)
      if (!isCardShaped(raw)) continue
      const inner = raw.replace(/\d/g, '')
      const beside =
        countBeside(row, groups, { at: index - 1, step: -1 }) + countBeside(row, groups, { at: at + 1, step: 1 })
      const isSetOff =
        (!inner.includes(' ') || beside <= mostBeside) &&
        setsOff(row, { at: first.from - 1, beside: groups[index - 1] }, inner) &&
        setsOff(row, { at: last.to, beside: groups[at + 1] }, inner)
      if (isSetOff) yield { raw, start: first.from }
    }
  }
}

/** A number may be wrapped at the end of a line of prose once; a column of numbers is not such a number. */
function isColumn(text: string, raw: string, start: number): boolean {
  const breaks = raw.split('\n').length - 1
  if (breaks === 0) return false
  return breaks > 1 || !hasLetters(lineAt(text, start))
}

function isCard(raw: string): boolean {
  const digits = raw.replace(/\D/g, '')
  return digits.length >= 12 && passesLuhn(digits) && hasBrand(digits)
}

interface CardPlace {
  readonly start: number
  readonly column: Subject | null
  /** Other values of the column the text is a value of. */
  readonly siblings: readonly string[]
}

function scoreOf(text: string, raw: string, { start, column, siblings }: CardPlace): number {
  const digits = raw.replace(/\D/g, '')
  if (digits.length < 12 || digits.length > 19) return 0
  const end = start + raw.length
  const isLoose = looseGroupings.test(raw)
  if (!(isLoose || groupings.test(raw)) || !passesLuhn(digits)) return 0
  if (isColumn(text, raw, start) || isPartOfNumber(text, start, end)) return 0
  const subject = subjectAt(text, start, column)
  if (subject === 'card' && (!isLoose || hasBrand(digits))) return 0.98
  if (isLoose || !hasBrand(digits)) return 0
  if (/\D/.test(raw) && isHexadecimal(text, start, end)) return 0
  if (/\d \d/.test(raw) && (isInArray(text, start, end) || isInPath(text, start, end))) return 0
  if (isAmongOthers(text, { start, end, siblings }, isCard)) return 0
  // Short numbers share their range with everyday identifiers.
  return digits.length < 13 || (subject === 'other' && digits.length < 16) ? 0.4 : 0.85
}

/** Card numbers: a network's prefix and length, the usual groupings, and Luhn's check digit. */
export function findCards(
  text: string,
  { column, siblings, isWanted }: Omit<CardPlace, 'start'> & NumberContext,
): Match[] {
  const matches: Match[] = []
  for (const found of text.matchAll(run)) {
    if (found[0].length < 12 || !isWanted(found.index, found.index + found[0].length)) continue
    for (const { raw, start: offset } of stretchesOf(found[0])) {
      const start = found.index + offset
      const score = scoreOf(text, raw, { start, column, siblings })
      if (score > 0) matches.push({ start, end: start + raw.length, category: 'pii/card', score })
    }
  }
  return matches
}
