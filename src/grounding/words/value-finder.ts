import type { Steps } from '../steps.ts'
import type { Column } from '../tables/column.ts'
import type { IndexedTable } from '../tables/evidence.ts'
import { otherForms } from './other-forms.ts'
import type { Sentence } from './sentences.ts'
import { spokenForm, type Token } from './tokens.ts'
import type { ValueMention } from './value-mentions.ts'

const longestName = 12
const mostRows = 100_000
/** Rows that are looked through in one step. */
const rowsAtOnce = 1024
/** Words that are values of some tables and are said in any sentence. */
const common = new Set(
  'a an the of in on at to for and or by with from as is are was were be it its this that no yes not none total all other first second third last won win lost loss high low new old home away one two three man true false name rank year team player number title date result report average sum mean more most less least than over under same both each only highest lowest score points open final round game match season country city state day month time best top'.split(
    ' ',
  ),
)

/** The rows of one value that holds a word, until another value of the column turns out to hold it, too. */
interface Part {
  readonly word: number
  readonly cell: string
  readonly rows: number[]
  isShared: boolean
}

/** What was found in one column. */
interface Found {
  /** Rows of values that stand in the answer, by their spoken form. */
  readonly whole: Map<string, number[]>
  readonly byWord: Map<number, Part>
  /** In the order in which they were first seen. */
  readonly parts: Part[]
}

interface Place {
  readonly start: number
  readonly end: number
}

/** The values of tables that an answer names. Each value of a table is looked at once, whatever the answer says. */
export class ValueFinder {
  readonly #tokens: readonly Token[]
  /** For each token, the place behind its sentence, and its word. */
  readonly #ends: Int32Array
  readonly #tokenWords: Int32Array
  /** Other forms of each token's word. */
  readonly #otherForms: (readonly string[])[] = []
  /** The words of the answer, each once, with its place here. */
  readonly #words = new Map<string, number>()
  readonly #texts: string[] = []
  /** May a word stand for a value that holds it? */
  readonly #stands: boolean[] = []
  /** The places of the tokens that a word is. */
  readonly #starts: number[][] = []
  /** Words by a number that is made of their letters, so that a cell is looked through without taking it apart. */
  readonly #byHash = new Map<number, number>()
  /** Is there a word whose number ends in these bits? Most words of most cells are not said. */
  readonly #bits = new Uint8Array(0x1_00_00)
  readonly #places = new Map<string, readonly Place[]>()
  /** The words of the cell that is looked at that are said, in its order: so many from the beginning. */
  readonly #said: number[] = []
  #count = 0

  constructor(sentences: readonly Sentence[]) {
    this.#tokens = sentences.flatMap(({ tokens }) => tokens)
    this.#ends = new Int32Array(this.#tokens.length)
    this.#tokenWords = new Int32Array(this.#tokens.length)
    let begin = 0
    for (const { tokens } of sentences) {
      this.#ends.fill(begin + tokens.length, begin, begin + tokens.length)
      begin += tokens.length
    }
    for (const [at, { text }] of this.#tokens.entries()) {
      const word = this.#wordOf(text)
      this.#tokenWords[at] = word
      this.#starts[word]?.push(at)
      const others = otherForms(text)
      this.#otherForms.push(others)
      for (const other of others) this.#starts[this.#wordOf(other)]?.push(at)
    }
  }

  #wordOf(text: string): number {
    const known = this.#words.get(text)
    if (known !== undefined) return known
    const word = this.#texts.length
    this.#texts.push(text)
    const hash = hashOf(text)
    this.#words.set(text, word)
    this.#stands.push(text.length >= 4 && !common.has(text) && !/^\d/.test(text))
    this.#starts.push([])
    this.#byHash.set(hash, word)
    this.#bits[hash & 0xff_ff] = 1
    return word
  }

  /** Mentions of values of a table's texts, longest first; a shorter one inside a longer one is none. */
  *finding(table: IndexedTable): Steps<readonly ValueMention[]> {
    const mentions: ValueMention[] = []
    for (const column of table.columns) {
      if (column.kind !== 'number') mentions.push(...(yield* this.#findingIn(column, table.rowCount)))
    }
    return withoutInner(mentions)
  }

  *#findingIn(column: Column, rowCount: number): Steps<readonly ValueMention[]> {
    const found: Found = { whole: new Map(), byWord: new Map(), parts: [] }
    for (let row = 0; row < Math.min(rowCount, mostRows); row += 1) {
      if (row % rowsAtOnce === rowsAtOnce - 1) yield
      const cell = column.cell(row)
      if (typeof cell === 'string' && cell !== '') this.#look(cell, row, found)
    }
    return [...this.#whole(column, found.whole), ...this.#partly(column, found)]
  }

  #look(cell: string, row: number, found: Found): void {
    const isAll = this.#readWords(cell)
    if (isAll && this.#mayBeSaid()) this.#addWhole(found.whole, this.#saidForm(), row)
    for (let at = 0; at < this.#count; at += 1) {
      const word = this.#said[at] ?? 0
      if (this.#stands[word] === true) addPart(found, word, cell, row)
    }
  }

  #addWhole(whole: Map<string, number[]>, form: string, row: number): void {
    if (this.#placesOf(form).length === 0) return
    const rows = whole.get(form)
    if (rows === undefined) whole.set(form, [row])
    else rows.push(row)
  }

  /** The words that are said, as one form; of a cell with no other words it is the cell's. */
  #saidForm(): string {
    if (this.#count === 1) return this.#texts[this.#said[0] ?? 0] ?? ''
    return this.#said
      .slice(0, this.#count)
      .map((word) => this.#texts[word] ?? '')
      .join(' ')
  }

  /** Notes the words of a cell that are said. Are they all of its words? Letters beyond ASCII are read the long way. */
  #readWords(cell: string): boolean {
    this.#count = 0
    let isAll = true
    let hash = hashStart
    let kind = 0
    for (let at = 0; at <= cell.length; at += 1) {
      const code = at === cell.length ? 32 : cell.charCodeAt(at)
      if (code > 127) return this.#readForm(spokenForm(cell))
      const small = code >= 65 && code <= 90 ? code + 32 : code
      const next = small >= 97 && small <= 122 ? 1 : small >= 48 && small <= 57 ? 2 : 0
      if (kind !== 0 && next !== kind) {
        const word = this.#bits[hash & 0xff_ff] === 1 ? this.#byHash.get(hash) : undefined
        if (word === undefined) isAll = false
        else this.#said[this.#count++] = word
        hash = hashStart
      }
      if (next !== 0) hash = hashStep(hash, small)
      kind = next
    }
    return isAll && this.#count > 0
  }

  #readForm(form: string): boolean {
    this.#count = 0
    let isAll = true
    for (const text of form.split(' ')) {
      const word = this.#words.get(text)
      if (word === undefined) isAll = false
      else this.#said[this.#count++] = word
    }
    return isAll && this.#count > 0
  }

  /** Do the first two words of the cell stand beside one another? Most cells whose words are all said somewhere are said nowhere. */
  #mayBeSaid(): boolean {
    const starts = this.#starts[this.#said[0] ?? 0] ?? []
    const second = this.#count === 1 ? undefined : this.#said[1]
    if (second === undefined) return starts.length > 0
    const seconds = this.#starts[second] ?? []
    return starts.some((at) => this.#tokenWords[at + 1] === second || seconds.includes(at + 1))
  }

  /** Where a form stands in one sentence, as the words of so many tokens. */
  #placesOf(form: string): readonly Place[] {
    let places = this.#places.get(form)
    if (places === undefined) this.#places.set(form, (places = this.#findPlaces(form)))
    return places
  }

  #findPlaces(form: string): readonly Place[] {
    const first = this.#words.get(form.includes(' ') ? form.slice(0, form.indexOf(' ')) : form)
    return (first === undefined ? [] : (this.#starts[first] ?? [])).flatMap((from) => {
      let length = 0
      for (let at = from; at < Math.min(this.#ends[from] ?? 0, from + longestName); at += 1) {
        const { text: said = '', end = 0 } = this.#tokens[at] ?? {}
        const text = form.startsWith(said, length)
          ? said
          : this.#otherForms[at]?.find((other) => form.startsWith(other, length))
        if (text === undefined) return []
        length += text.length
        if (length === form.length) return [{ start: this.#tokens[from]?.start ?? 0, end }]
        if (form[length] !== ' ') return []
        length += 1
      }
      return []
    })
  }

  #whole(column: Column, whole: ReadonlyMap<string, readonly number[]>): ValueMention[] {
    return [...whole].flatMap(([form, rows]) => {
      if (/^\d+$/.test(form)) return []
      const strong = form.length > 1 && !common.has(form)
      return this.#placesOf(form).map(({ start, end }) => ({ start, end, column, rows, strong }))
    })
  }

  /** A word that one value of a column alone holds stands for it: "Hamilton". */
  #partly(column: Column, { whole, parts }: Found): ValueMention[] {
    const own = new Set(column.words)
    return parts.flatMap(({ word, cell, rows, isShared }) => {
      const text = isShared ? '' : (this.#texts[word] ?? '')
      if (isShared || own.has(text) || whole.has(spokenForm(cell))) return []
      return this.#placesOf(text).map(({ start, end }) => ({ start, end, column, rows, strong: false, isPart: true }))
    })
  }
}

function addPart({ byWord, parts }: Found, word: number, cell: string, row: number): void {
  const known = byWord.get(word)
  if (known === undefined) {
    const part = { word, cell, rows: [row], isShared: false }
    byWord.set(word, part)
    parts.push(part)
  } else if (known.isShared) return
  else if (known.cell === cell) known.rows.push(row)
  else known.isShared = true
}

const hashStart = 0x811c9dc5 | 0

function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193)
}

function hashOf(word: string): number {
  let hash = hashStart
  for (let at = 0; at < word.length; at += 1) hash = hashStep(hash, word.charCodeAt(at))
  return hash
}

function withoutInner(mentions: readonly ValueMention[]): readonly ValueMention[] {
  const byLength = mentions.toSorted(
    (left, right) => right.end - right.start - (left.end - left.start) || left.start - right.start,
  )
  const kept: ValueMention[] = []
  /** Those that are kept, by the stretches of the text that they reach into. */
  const around = new Map<number, ValueMention[]>()
  for (const mention of byLength) {
    const isInner = around
      .get(mention.start >> stretchBits)
      ?.some(
        (other) =>
          other.start <= mention.start &&
          other.end >= mention.end &&
          (other.end - other.start > mention.end - mention.start || (other.strong && !mention.strong)),
      )
    if (isInner === true) continue
    kept.push(mention)
    for (let stretch = mention.start >> stretchBits; stretch <= mention.end >> stretchBits; stretch += 1) {
      const others = around.get(stretch)
      if (others === undefined) around.set(stretch, [mention])
      else others.push(mention)
    }
  }
  return kept.toSorted((left, right) => left.start - right.start)
}

/** Stretches of a text have 64 characters. */
const stretchBits = 6
