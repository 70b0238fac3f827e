import type { TokenBook, TokenEntry } from './token-book.ts'

/** A number that stands for another, where it stands by itself. */
export interface NumberPlace {
  readonly start: number
  readonly end: number
  readonly entry: TokenEntry
  readonly value: string
}

interface FindNumbersOptions {
  readonly book: TokenBook
  readonly from?: number
  /** Does nothing come behind the text? */
  readonly isWhole?: boolean
}

interface FoundNumbers {
  readonly places: readonly NumberPlace[]
  /** Where the text begins that such a number could still be made of by what comes next; its length where there is none. */
  readonly undecided: number
}

/** Numbers of a conversation that stand for others in a text: one way for texts on their way in, in which each is replaced, and for answers. */
export function findNumbers(text: string, { book, from = 0, isWhole = true }: FindNumbersOptions): FoundNumbers {
  const places: NumberPlace[] = []
  if (book.numbers.size === 0) return { places, undecided: text.length }
  for (const { 0: digits, index: start } of text.matchAll(/(?<!\d)\d+/g)) {
    const end = start + digits.length
    if (start < from) continue
    if (end === text.length && !isWhole && book.beginsNumber(digits)) return { places, undecided: start }
    const entry = book.numbers.get(digits)
    if (entry !== undefined) places.push({ start, end, entry, value: entry.value })
  }
  return { places, undecided: text.length }
}
