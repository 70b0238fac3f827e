import { yearSpan } from '../figures/dates.ts'
import type { Figure } from '../figures/figure.ts'
import { readFigures } from '../figures/read-figures.ts'
import { fold, stem, tokensOf } from '../words/tokens.ts'

const names = /\p{Lu}[\p{L}’'-]*(?:(?:\s+(?:of|and|the|for|de|du|der|des|und))*[\s-]+\p{Lu}[\p{L}’'-]*)+/gu

type KnownFigure = Pick<Figure, 'low' | 'high' | 'unit' | 'others'> & {
  readonly yearless: Figure['yearless']
  readonly year: boolean | undefined
  /** What each of its meanings was written as. */
  readonly written: readonly number[]
}

/** What some texts hold, for answers to be held against. */
export class KnownWords {
  /** Folded words and their stems. */
  readonly #words = new Set<string>()
  /** First letters of names of several words: `who` for World Health Organization. */
  readonly #initials = new Set<string>()
  readonly #figures = new Map<string, Map<string, KnownFigure>>()
  readonly #texts: string[] = []

  /** Takes a text, or a piece of one that ends between two sentences or lines. */
  add(text: string): void {
    for (const { text: word } of tokensOf(text)) {
      this.#words.add(word)
      this.#words.add(stem(word))
    }
    for (const [name] of text.matchAll(names)) this.#keepInitials(name)
    for (const figure of readFigures(text)) this.#keep(figure)
    this.#texts.push(text.toLowerCase())
  }

  /** Is it a word of the texts, in any of its forms? `word` is folded. */
  hasWord(word: string): boolean {
    return this.#words.has(word) || this.#words.has(stem(word))
  }

  /** Is it what several names of the texts begin with? */
  hasInitials(sign: string): boolean {
    return this.#initials.has(fold(sign))
  }

  /** Has one of the texts this sign by sign, but for case, as a word of its own? */
  holds(sign: string): boolean {
    const small = sign.toLowerCase()
    return (
      tokensOf(small).every(({ text: word }) => this.#words.has(word)) &&
      this.#texts.some((text) => standsIn(text, small))
    )
  }

  /** Has one of the texts a figure that means this? */
  hasFigure(figure: Figure): boolean {
    const known = this.#figures.get(groupOf(figure))
    if (known === undefined) return false
    for (const other of known.values()) if (meansThat(figure, other)) return true
    return false
  }

  /** Of the whole name, and without a word that begins its sentence: "The World Health Organization". */
  #keepInitials(name: string): void {
    const letters = fold((name.match(/(?<!\p{L})\p{Lu}/gu) ?? []).join(''))
    this.#initials.add(letters)
    if (letters.length > 2) this.#initials.add(letters.slice(1))
  }

  #keep(figure: Figure): void {
    const { low, high, unit, others, yearless, year } = figure
    const written = [figure, ...others].map(writtenOf)
    const key = [low, high, unit, year, yearless?.month, yearless?.day, ...written].join(' ')
    const group = groupOf(figure)
    let kept = this.#figures.get(group)
    if (kept === undefined) this.#figures.set(group, (kept = new Map<string, KnownFigure>()))
    if (!kept.has(key)) kept.set(key, { low, high, unit, others, yearless, year, written })
  }
}

/** A date and a year alone are of one sort; 5 % and 5 are not. */
const groupOf = ({ kind }: Figure): string => (kind === 'money' ? 'number' : kind)

/** Stands it there, and no letter or digit beside it that would make something else of it? */
function standsIn(whole: string, text: string): boolean {
  for (let at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + 1)) {
    const before = at === 0 ? '' : (whole[at - 1] ?? '')
    const behind = whole[at + text.length] ?? ''
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(behind)) return true
  }
  return false
}

/** Is what a figure says what another one said? A date says as much or less: "in June 2010" of a day in it. */
function meansThat(figure: Figure, other: KnownFigure): boolean {
  if (figure.kind === 'date') return isOfDate(figure, other)
  if (figure.unit !== null && other.unit !== null && figure.unit !== other.unit) return false
  return [figure, ...figure.others].some((one) =>
    other.written.some((value) => holds(one, value) || (!figure.signed && holds(one, -value))),
  )
}

interface Span {
  readonly low: number
  readonly high: number
}

/** A figure of an answer leaves some room; what the other one was written as has to lie in it. */
function holds({ low, high }: Span, value: number): boolean {
  const slack = 1e-9 * Math.max(Math.abs(low), Math.abs(high), 1e-3)
  return value >= low - slack && value <= high + slack
}

/** "More than 100" was written as 100, and "5.3" as 5.3: whichever of both ends and the middle has the fewest digits. */
function writtenOf({ low, high }: Span): number {
  const digits = (value: number): number =>
    Number(value.toPrecision(12))
      .toString()
      .replace(/0+$|[-.]/g, '').length
  return [low, high].reduce((best, value) => (digits(value) < digits(best) ? value : best), (low + high) / 2)
}

function isOfDate(figure: Figure, other: KnownFigure): boolean {
  const { yearless } = figure
  if (yearless !== undefined) {
    if (other.yearless !== undefined)
      return yearless.month === other.yearless.month && yearless.day === other.yearless.day
    return other.year !== true && other.low === other.high && isDayOf(other.low, yearless)
  }
  if (other.yearless !== undefined) return false
  const [asked, there] = [daysOf(figure), daysOf(other)]
  return there.some((span) => asked.some((one) => span.low >= one.low && span.high <= one.high))
}

function isDayOf(at: number, { month, day }: { readonly month: number; readonly day: number }): boolean {
  const date = new Date(at * 86_400_000)
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day
}

const daysOf = ({
  year,
  low,
  high,
  others,
}: Pick<Figure, 'low' | 'high' | 'others'> & { readonly year?: boolean | undefined }): readonly Span[] =>
  year === true ? [yearSpan(low)] : [{ low, high }, ...others]
