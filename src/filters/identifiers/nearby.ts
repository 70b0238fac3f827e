import { longestHead, type Words } from './recognizer.ts'

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
      while (/\w/.test(text[end] ?? '')) end += 1
      return end
    }
  }
  return 0
}

const none: ReadonlySet<Words> = new Set()
const isLetter = (code: number) => code >= 97 && code <= 122
const pairOf = (first: number, second: number) => (first - 97) * 26 + second - 97

/** Where words of a text begin that can be some of these. */
interface Hint {
  readonly at: number
  readonly words: readonly Words[]
}

/** Which words can be in a text, by what each word of it begins with. */
export class WordIndex {
  readonly #byHead = new Map<string, Words[]>()
  readonly #pairs = new Uint8Array(26 * 26)

  constructor(all: Iterable<Words>) {
    for (const words of all) {
      for (const head of words.heads) {
        this.#byHead.set(head, [...(this.#byHead.get(head) ?? []), words])
        if (head.length > 1) this.#pairs[pairOf(head.charCodeAt(0), head.charCodeAt(1))] = 1
      }
    }
  }

  hintsOf(text: string): Hint[] {
    const hints: Hint[] = []
    let isInside = false
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      const isBegun = isLetter(code)
      if (isBegun && !isInside) {
        const second = text.charCodeAt(at + 1)
        // One letter by itself is an abbreviation: `D.O.B.`
        if (!isLetter(second)) this.#add(hints, text, at, 1)
        else if (this.#pairs[pairOf(code, second)] === 1) this.#add(hints, text, at, longestHead)
      }
      isInside = isBegun
    }
    return hints
  }

  #add(hints: Hint[], text: string, at: number, longest: number): void {
    for (let length = Math.min(longest, 2); length <= longest; length += 1) {
      const words = this.#byHead.get(text.slice(at, at + length))
      if (words !== undefined) hints.push({ at, words })
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
  readonly #lowered: string
  readonly #label: string
  readonly #headings = new Map<string, ReadonlySet<Words>>()
  readonly #hints: readonly Hint[]
  #firstHint = 0
  #block: Block = { begin: 0, end: 0, headings: [], separator: null }
  #cell = { at: 0, column: 0 }
  #before: Before = { start: -1, text: '' }

  constructor(text: string, index: WordIndex, label = '') {
    const lowered = text.toLowerCase().replaceAll('ø', 'o')
    this.#index = index
    this.#lowered = lowered.length === text.length ? lowered : text
    this.#label = label.toLowerCase()
    this.#hints = index.hintsOf(this.#lowered)
  }

  /** Words that can be near a value which begins at `start`. Places come in rising order. */
  near(start: number): ReadonlySet<Words> {
    const near = new Set([...this.#headingWords(this.#label), ...this.#headingWords(this.#headingOf(start))])
    while ((this.#hints[this.#firstHint]?.at ?? start) < start - reachBefore) this.#firstHint += 1
    for (let at = this.#firstHint; at < this.#hints.length; at += 1) {
      const hint = this.#hints[at]
      if (hint === undefined || hint.at > start + longestValue + reachBehind) break
      for (const words of hint.words) near.add(words)
    }
    return near.size === 0 ? none : near
  }

  /** How far from the value that stands from `start` to `end` one of these words is; null where none is near. */
  distance(words: Words, start: number, end: number): number | null {
    const before = this.#textBefore(start)
    let nearest: number | null = null
    for (const match of before.matchAll(words.pattern)) nearest = before.length - match.index - match[0].length
    if (nearest !== null) return nearest
    const behind = /^[^\n,;.\d]*/.exec(this.#lowered.slice(end, end + reachBehind))?.[0] ?? ''
    const found = behind.search(words.pattern)
    if (found >= 0) return reachBefore / 2 + found
    if (this.#headingWords(this.#headingOf(start)).has(words)) return headingDistance
    return this.#headingWords(this.#label).has(words) ? labelDistance : null
  }

  #textBefore(start: number): string {
    if (this.#before.start === start) return this.#before.text
    const entry = sameEntry(this.#lowered.slice(Math.max(0, start - reachBefore), start))
    this.#before = { start, text: entry.slice(endOfLastNumber(entry)) }
    return this.#before.text
  }

  #headingWords(heading: string): ReadonlySet<Words> {
    if (heading === '') return none
    let known = this.#headings.get(heading)
    if (known === undefined) {
      const hinted = this.#index.hintsOf(heading).flatMap(({ words }) => words)
      known = new Set(hinted.filter(({ pattern }) => heading.search(pattern) >= 0))
      this.#headings.set(heading, known)
    }
    return known
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
      const character = this.#lowered[at]
      if (character === '\n') column = 0
      else if (character === separator) column += 1
    }
    this.#cell = { at, column }
    return headings[column] ?? ''
  }

  #blockFrom(begin: number): Block {
    const next = this.#lowered.indexOf('\n\n', begin)
    const end = next < 0 ? this.#lowered.length + 1 : next + 2
    const first =
      /^[^\n]{1,1024}(?=\n)/.exec(this.#lowered.slice(begin, Math.min(end, begin + longestHeading)))?.[0] ?? ''
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
