import type { TextWindow } from './windows/windows.ts'

/** A stretch of text that is replaced. */
export interface MaskedSpan {
  readonly start: number
  readonly end: number
  readonly category: string
  /** What stands in its place, where the category alone does not say it. */
  readonly instead?: string
}

const labels: Readonly<Record<string, string>> = {
  'pii/email': '[email]',
  'pii/phone': '[phone]',
  'pii/card': '[card]',
  'pii/ssn': '[ssn]',
  'pii/iban': '[iban]',
  secret: '[secret]',
  'sql-leak': '[SQL withheld]',
  // Without the character as it was, none of these is a link, a picture or markup.
  'link/inline': ' (',
  'link/definition': ' :',
  'link/html': '< ',
  'link/attribute': '-withheld=',
  'link/style': '-withheld(',
  'link/import': 'withheld',
}

/** What stands in a text's place. Nothing of the value is kept, not even a card's last four digits. */
export function labelOf(category: string): string {
  return labels[category] ?? labels[category.replace(/\/.*/, '')] ?? '[withheld]'
}

/** Where a stretch ends that goes on beyond a window: at a mark, else with its token. */
const closings: Readonly<Record<string, RegExp>> = {
  'secret/private-key': /-----END [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----/g,
  'sql-leak/code': /\n[ \t]*(?:```|~~~)/g,
}
/** Where such marks end in a text, in order. */
const endsOf = (closing: RegExp, text: string): readonly number[] =>
  Array.from(text.matchAll(closing), ({ 0: mark, index }) => index + mark.length)

const token = /[\w.~+/=-]+/y

/** Where a stretch that goes on at `at` ends; `isOpen`: as far as the text goes, it may go on behind it. */
function endOfOpen(text: string, at: number, category: string): { readonly end: number; readonly isOpen: boolean } {
  const closing = closings[category]
  if (closing === undefined) {
    token.lastIndex = at
    const end = at + (token.exec(text)?.[0].length ?? 0)
    return { end, isOpen: end === text.length }
  }
  const end = endsOf(closing, text).find((place) => place > at)
  return end === undefined ? { end: text.length, isOpen: true } : { end, isOpen: false }
}

/**
 * Replaces what was found in a text's windows, in their order. What crosses from one window into the next is replaced
 * there as well and named once; of stretches that overlap the one that begins first gives the name.
 */
export class Masker {
  /** Up to here, in the whole text, everything belongs to a stretch that was named. */
  #until = 0
  /** The category of a stretch whose end was not seen yet. */
  #open: string | null = null

  /** What stands in the place of the window's stretch. `spans` are offsets into the window's text. */
  mask(window: TextWindow, spans: readonly MaskedSpan[]): string {
    const { text, from, to, offset, isLast } = window
    if (this.#open !== null) this.#goOn(window, this.#open)
    // Up to here the window's stretch is said; it may be behind its end.
    let at = Math.max(from, this.#until - offset)
    let masked = ''
    for (const span of [...spans].sort((one, other) => one.start - other.start || other.end - one.end)) {
      if (span.end <= at || span.start >= to) continue
      masked += text.slice(at, span.start)
      // What began before the stretch and was not seen there yet is named here.
      if (span.start >= at || at === from) masked += span.instead ?? labelOf(span.category)
      at = span.end
      this.#until = at + offset
      if (span.end === text.length && !isLast && canGoOn(text, span.category)) this.#open = span.category
    }
    return masked + text.slice(at, to)
  }

  #goOn({ text, offset, isLast }: TextWindow, category: string): void {
    const { end, isOpen } = endOfOpen(text, this.#until - offset, category)
    this.#until = end + offset
    if (!isOpen || isLast) this.#open = null
  }
}

/** May a stretch that ends with its window go on? Not where the mark that closes it was the last that was seen. */
function canGoOn(text: string, category: string): boolean {
  const closing = closings[category]
  if (closing === undefined) return category.startsWith('secret/')
  return endsOf(closing, text).at(-1) !== text.length
}

/** The whole text with the spans replaced. */
export function maskText(text: string, spans: readonly MaskedSpan[]): string {
  return new Masker().mask({ text, from: 0, to: text.length, offset: 0, isLast: true }, spans)
}
