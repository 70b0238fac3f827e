import { textBefore } from '../text-before.ts'
import type { Words } from './recognizer.ts'

/** How far before a value a word counts, and how far behind it, in UTF-16 code units. */
const reachBefore = 72
const reachBehind = 28
/** Hints are looked for as if no value were longer. */
const longestValue = 32
/** What is nearer than the heading of a column, or the name of the field that the text is. */
const headingDistance = reachBefore
const labelDistance = reachBefore + 1
/** A longer line is no heading of a table. */
const longestHeading = 1_025
const separators = [',', ';', '\t', '|'] as const

interface Block {
  readonly begin: number
  readonly end: number
  readonly headings: readonly string[]
  readonly separator: string | null
}

/** The last number of four digits and more in `text` ends here: what stands before it is about that number. */
function endOfLastNumber(text: string): number {
  let run = 0
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const code = text.charCodeAt(at)
    run = code >= 48 && code <= 57 ? run + 1 : 0
    if (run === 4) {
      let end = at + 4
      while (/\w/.test(text.charAt(end))) end += 1
      return end
    }
  }
  return 0
}

const none: ReadonlySet<Words> = new Set()
const letters = 26
/** The number of a small letter from 0 on; anything else is none of 0 to 25. */
const letterOf = (text: string, at: number) => text.charCodeAt(at) - 97
const isLetter = (letter: number) => letter >= 0 && letter < letters
/** Names of columns and fields whose words are remembered. */
const rememberedNames = 1_024

/** Where words of a text begin that can be some of these. */
interface Hint {
  readonly at: number
  readonly words: readonly Words[]
}

/** Heads of words from one beginning on: what a word goes on with decides which they are. */
interface Heads {
  readonly next: (Heads | undefined)[]
  readonly words: Words[]
}

const noHeads = (): Heads => ({ next: Array.from({ length: letters }), words: [] })

/** Which words can be in a text, by what each word of it begins with. */
export class WordIndex {
  readonly #heads = noHeads()
  readonly #ofNames = new Map<string, ReadonlySet<Words>>()

  constructor(all: Iterable<Words>) {
    for (const words of all) {
      for (const head of words.heads) {
        let heads = this.#heads
        for (let at = 0; at < head.length; at += 1) heads = heads.next[letterOf(head, at)] ??= noHeads()
        if (head !== '') heads.words.push(words)
      }
    }
  }

  /** In the order of the text, which is in small letters. */
  hintsOf(text: string): readonly Hint[] {
    const hints: Hint[] = []
    let isInside = false
    for (let at = 0; at < text.length; at += 1) {
      const first = letterOf(text, at)
      const isBegun = isLetter(first)
      if (isBegun && !isInside) this.#add(hints, text, at)
      isInside = isBegun
    }
    return hints
  }

  /** The words that stand in the name of a column or a field. */
  wordsIn(name: string): ReadonlySet<Words> {
    if (name === '') return none
    let known = this.#ofNames.get(name)
    if (known === undefined) {
      const hinted = this.hintsOf(name).flatMap(({ words }) => words)
      known = new Set(hinted.filter(({ pattern }) => name.search(pattern) >= 0))
      if (this.#ofNames.size >= rememberedNames) this.#ofNames.clear()
      this.#ofNames.set(name, known)
    }
    return known
  }

  #add(hints: Hint[], text: string, at: number): void {
    let heads = this.#heads.next[letterOf(text, at)]
    // One letter by itself is an abbreviation: `D.O.B.`
    const isAlone = !isLetter(letterOf(text, at + 1))
    for (let length = 1; heads !== undefined; length += 1) {
      if (heads.words.length > 0 && (length > 1 || isAlone)) hints.push({ at, words: heads.words })
      const next = letterOf(text, at + length)
      heads = isLetter(next) ? heads.next[next] : undefined
    }
  }
}

interface Before {
  readonly start: number
  readonly text: string
}

/** The words that stand around the values of a text: before them, right behind, over their column, in the field's name. */
export class Nearby {
  readonly #index: WordIndex
  readonly #text: string
  /** In small letters; null until a value needs it. */
  #lowered: string | null = null
  readonly #label: string
  #hints: readonly Hint[] | null = null
  #firstHint = 0
  #block: Block = { begin: 0, end: 0, headings: [], separator: null }
  #cell = { at: 0, column: 0 }
  #before: Before = { start: -1, text: '' }

  constructor(text: string, index: WordIndex, label = '') {
    this.#index = index
    this.#text = text
    this.#label = label === '' ? '' : label.toLowerCase()
  }

  /** Words that can be near a value which begins at `start`. Places come in rising order. */
  near(start: number): ReadonlySet<Words> {
    const hints = (this.#hints ??= this.#index.hintsOf(this.#small))
    while ((hints[this.#firstHint]?.at ?? start) < start - reachBefore) this.#firstHint += 1
    const ofLabel = this.#index.wordsIn(this.#label)
    const ofHeading = this.#index.wordsIn(this.#headingOf(start))
    const last = start + longestValue + reachBehind
    const isHinted = (hints[this.#firstHint]?.at ?? Infinity) <= last
    if (!isHinted && ofLabel.size === 0 && ofHeading.size === 0) return none
    const near = new Set([...ofLabel, ...ofHeading])
    for (let at = this.#firstHint; at < hints.length; at += 1) {
      const hint = hints[at]
      if (hint === undefined || hint.at > last) break
      for (const words of hint.words) near.add(words)
    }
    return near
  }

  /** How far from the value that stands from `start` to `end` one of these words is; null where none is near. */
  distance(words: Words, start: number, end: number): number | null {
    const before = this.#textBefore(start)
    let nearest: number | null = null
    for (const match of before.matchAll(words.pattern)) nearest = before.length - match.index - match[0].length
    if (nearest !== null) return nearest
    const behind = /^[^\n,;.\d]*/.exec(this.#small.slice(end, end + reachBehind))?.[0] ?? ''
    const found = behind.search(words.pattern)
    if (found >= 0) return reachBefore / 2 + found
    if (this.#index.wordsIn(this.#headingOf(start)).has(words)) return headingDistance
    return this.#index.wordsIn(this.#label).has(words) ? labelDistance : null
  }

  #textBefore(start: number): string {
    if (this.#before.start === start) return this.#before.text
    const entry = sameEntry(textBefore(this.#small, start, reachBefore))
    this.#before = { start, text: entry.slice(endOfLastNumber(entry)) }
    return this.#before.text
  }

  get #small(): string {
    if (this.#lowered === null) {
      const lowered = this.#text.toLowerCase().replaceAll('ø', 'o')
      this.#lowered = lowered.length === this.#text.length ? lowered : this.#text
    }
    return this.#lowered
  }

  /** The first line of the table that the place stands in, the cell over it. Going back to an earlier place costs a pass. */
  #headingOf(start: number): string {
    if (start < this.#block.begin) this.#block = this.#blockFrom(0)
    while (start >= this.#block.end) this.#block = this.#blockFrom(this.#block.end)
    const { headings, separator } = this.#block
    if (separator === null) return ''
    if (start < this.#cell.at) this.#cell = { at: this.#block.begin, column: 0 }
    let { at, column } = this.#cell
    for (; at < start; at += 1) {
      const character = this.#small[at]
      if (character === '\n') column = 0
      else if (character === separator) column += 1
    }
    this.#cell = { at, column }
    return headings[column] ?? ''
  }

  #blockFrom(begin: number): Block {
    const next = this.#small.indexOf('\n\n', begin)
    const end = next < 0 ? this.#small.length + 1 : next + 2
    const line = this.#small.indexOf('\n', begin)
    const first = line > begin && line - begin < longestHeading ? this.#small.slice(begin, line) : ''
    const separator = separators.find((one) => first.includes(one)) ?? null
    // Headings are names: a line with numbers is a row like the others.
    if (separator === null || /\d{3}/.test(first)) return { begin, end, headings: [], separator: null }
    return { begin, end, headings: first.split(separator), separator }
  }
}

/** What stands on a line before speaks of another entry, unless the line is a label or goes on in the next. */
function sameEntry(before: string): string {
  const line = before.lastIndexOf('\n')
  if (line < 0) return before
  const above = before.slice(before.lastIndexOf('\n', line - 1) + 1, line)
  return /[a-z:=][*_ \t\r]*$/.test(above) && !/[,;\t|]/.test(above) ? before : before.slice(line + 1)
}
