import { textBefore } from '../text-before.ts'
import type { Scanned } from '../text-filter.ts'

/** Words that say what a number is. The nearest one before the number decides; a column's name counts as the nearest. */
export type Subject = 'phone' | 'card' | 'ssn' | 'other'

/** What a number is looked for with. */
export interface NumberContext extends Pick<Scanned, 'isWanted'> {
  /** What the name of the text's column says. */
  readonly column: Subject | null
}

const words: readonly { readonly subject: Subject; readonly pattern: RegExp }[] = [
  {
    subject: 'phone',
    pattern:
      /phone|(?<![a-z])(?:tel|mobile|cell|fax|call|dial|reach|contact|whatsapp|sms|messages?|hotline|ring)(?![a-z])/g,
  },
  {
    subject: 'card',
    pattern:
      /(?<![a-z\d])(?:card|cc|credit|debit|visa|mastercard|maestro|amex|pan)(?:s|_?(?:number|num|no))?(?![a-z])/g,
  },
  { subject: 'ssn', pattern: /(?<![a-z])ssn(?![a-z])|social[ _-]?security/g },
  {
    subject: 'other',
    pattern:
      /(?<![a-z])(?:order|invoice|sku|ticket|tracking|parcel|isbn|ean|upc|serial|ref|reference|date|time|timestamp|year|amount|total|price|sum|revenue|quantity|count|id|ids|version|build|commit|line|port|latitude|longitude|rows?|bytes|mean|std|min|max)(?![a-z])|[$€£¥#]/g,
  },
]

const reach = 56

function lastIn(text: string, pattern: RegExp): number {
  let last = -1
  for (const match of text.matchAll(pattern)) last = match.index
  return last
}

/** What the nearest word of a text is about; null when no word of it says. */
export function subjectOf(text: string): Subject | null {
  if (!/[a-z$€£¥#]/i.test(text)) return null
  const lowered = text.toLowerCase().replaceAll('_', ' ')
  let best: { subject: Subject; at: number } | null = null
  for (const { subject, pattern } of words) {
    const at = lastIn(lowered, pattern)
    if (at >= 0 && (best === null || at > best.at)) best = { subject, at }
  }
  return best?.subject ?? null
}

/** What the text before the number at `start` says it is; else what its column says. */
export function subjectAt(text: string, start: number, column: Subject | null): Subject | null {
  return subjectOf(sameEntry(textBefore(text, start, reach))) ?? column
}

/** Does the column, or the word right before the number, say that it is an identifier, a date or an amount? */
export function isNamedOtherwise(text: string, start: number, column: Subject | null): boolean {
  if (column === 'other') return true
  const named = /[\p{L}_]{2,24}["'`]?\s{0,2}[:=#]\s{0,2}["'`]?$/u.exec(textBefore(text, start, 40))
  return named !== null && subjectOf(named[0].replace(/[#]/g, '')) === 'other'
}

/** Words on the line before speak of another record, unless that line ends with a colon. */
function sameEntry(before: string): string {
  const line = before.lastIndexOf('\n')
  return line >= 0 && !/:\s*$/.test(before.slice(0, line)) ? before.slice(line + 1) : before
}
