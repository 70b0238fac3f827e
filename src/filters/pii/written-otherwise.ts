import { textBefore } from '../text-before.ts'
import type { Match } from '../text-filter.ts'
import { hasBrand, isPartOfNumber, passesLuhn } from './card.ts'
import { subjectAt, type NumberContext } from './context.ts'
import { isInArray, isInPath, lineAt } from './surroundings.ts'

/** Blanks, one mark or two, blanks: `4111  1111`, `4111 - 1111`, `4111·1111`. At most five, which inert.ts knows. */
const between = String.raw`(?: {1,3}| {0,2}[-./_·•()]{1,2} ?)`
const fewestDigits = 12
/** Where no more characters of a number are left than a card has digits, none is read. */
const run = new RegExp(
  String.raw`(?<![\p{L}\p{N}_+]|\d[.,])(?=[-\d ./_·•()]{${fewestDigits + 1}})\d+(?:${between}\d+)*(?![\p{L}\p{N}_])`,
  'gu',
)
const mostDigits = 19

interface Group {
  readonly text: string
  readonly start: number
  readonly end: number
}

interface Stretch {
  readonly groups: readonly Group[]
  readonly digits: string
}

/** An amount has its points before groups of three digits: `4.000.000.000.002`. */
const amount = /^\d{1,3}(?:\.\d{3})+$/

/** The longest stretch of whole groups from a group on that has the check digit and the front of a card. */
function cardFrom(groups: readonly Group[], from: number): Stretch | null {
  let longest: Stretch | null = null
  let digits = ''
  for (let at = from; at < groups.length; at += 1) {
    digits += (groups[at] as Group).text
    if (digits.length > mostDigits) break
    if (digits.length < fewestDigits || !hasBrand(digits) || !passesLuhn(digits)) continue
    longest = { groups: groups.slice(from, at + 1), digits }
  }
  return longest
}

/** The networks' usual numbers: sixteen digits, fifteen of American Express, fourteen of Diners Club. */
const usual = /^(?:4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|6(?:011|[2458]\d\d)\d{12})$/
const mostGroups = 6
const fewestWords = 2
const plainly = /^\d+(?:(?: {1,2}| ?[-·•] ?)\d+){1,5}$/
const fourFours = /^\d{4}( {1,2}| ?[-·•] ?)\d{4}\1\d{4}\1\d{4}$/

/** Is it written in groups of two digits or more in a sentence that says nothing else of it? */
function isInSentence(text: string, raw: string, { groups, digits }: Stretch): boolean {
  if (groups.length > mostGroups || !usual.test(digits) || !plainly.test(raw)) return false
  if (groups.slice(0, -1).some((group) => group.text.length < 2)) return false
  const { start } = groups[0] as Group
  const end = start + raw.length
  if (text.trim() === raw) return fourFours.test(raw)
  if (isInArray(text, start, end) || isInPath(text, start, end)) return false
  const rest = lineAt(text, start).replace(raw, '')
  const words = rest.match(/(?<![\p{L}\p{N}_.])\p{L}{2,}(?![\p{N}_(=])/gu) ?? []
  const isSentence = words.length >= fewestWords && !/[{}<>=\\;|\t]/.test(rest) && !/\d{3}/.test(rest)
  return isSentence && /\p{L}[,.:]? ?[("]?$/u.test(textBefore(text, start, 4))
}

/**
 * Cards in groups that no network prints, or with other signs between them: where the text or its column calls them a card,
 * and in a sentence where they are a network's usual number and nothing else. `found` are those that stand in usual groups.
 */
export function findOtherwiseWritten(
  text: string,
  { column, isWanted }: NumberContext,
  found: readonly Match[],
): Match[] {
  const matches: Match[] = []
  for (const { 0: whole, index } of text.matchAll(run)) {
    if (whole.length <= fewestDigits || !isWanted(index, index + whole.length)) continue
    const groups = [...whole.matchAll(/\d+/g)].map(({ 0: digits, index: at }) => ({
      text: digits,
      start: index + at,
      end: index + at + digits.length,
    }))
    if (groups.length < 2) continue
    for (let at = 0; at < groups.length; at += 1) {
      const stretch = cardFrom(groups, at)
      if (stretch === null) continue
      const [{ start }, { end }] = [stretch.groups[0] as Group, stretch.groups.at(-1) as Group]
      if (found.some((one) => one.start < end && start < one.end)) continue
      const raw = text.slice(start, end)
      const subject = subjectAt(text, start, column)
      const isCalled = subject === 'card' && !amount.test(raw) && !isPartOfNumber(text, start, end)
      const isAlone = stretch.groups.length === groups.length && subject === null
      if (!isCalled && !(isAlone && isInSentence(text, raw, stretch))) continue
      matches.push({ start, end, category: 'pii/card', score: isCalled ? 0.9 : 0.7 })
      at += stretch.groups.length - 1
    }
  }
  return matches
}
