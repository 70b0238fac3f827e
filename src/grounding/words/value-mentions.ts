import type { Column } from '../tables/column.ts'
import type { IndexedTable } from '../tables/evidence.ts'
import { yearSpan } from '../figures/dates.ts'
import type { Figure } from '../figures/figure.ts'
import type { Sentence } from './sentences.ts'
import { spokenForm, type Token } from './tokens.ts'

/** Words of a sentence that are the value of a column in some rows. */
export interface ValueMention {
  readonly start: number
  readonly end: number
  readonly column: Column
  readonly rows: readonly number[]
  /** Is it the whole value, and no word that is said anyway? */
  readonly strong: boolean
  /** Is it a word of a value alone? */
  readonly isPart?: boolean
  /** The figure that it is: a year, the number of a round. */
  readonly figure?: Figure
}

const longestName = 12
const mostRows = 100_000
/** Words that are values of some tables and are said in any sentence. */
const common = new Set(
  'a an the of in on at to for and or by with from as is are was were be it its this that no yes not none total all other first second third last won win lost loss high low new old home away one two three man men women male female true false north south east west red white black name rank year team player number title date result report average sum mean more most less least than over under same both each only highest lowest score points open final round game match season country city state day month time best top'.split(
    ' ',
  ),
)

interface Part {
  readonly cell: string
  readonly rows: number[]
  /** Do other values of the column hold the word, too? */
  isShared: boolean
}

/** The values of tables that an answer names. Each value of a table is looked at once, whatever the answer says. */
export class ValueFinder {
  readonly #grams = new Map<string, { readonly start: number; readonly end: number }[]>()
  /** Words of the answer by a number that is made of their letters, so that a cell is looked through without taking it apart. */
  readonly #words = new Map<number, string>()

  constructor(sentences: readonly Sentence[]) {
    for (const { tokens } of sentences) {
      for (let from = 0; from < tokens.length; from += 1) this.#addFrom(tokens, from)
    }
  }

  /** Mentions of values of a table's texts, longest first; a shorter one inside a longer one is none. */
  find(table: IndexedTable): readonly ValueMention[] {
    const found = table.columns.flatMap((column) =>
      column.kind === 'number' ? [] : this.#findIn(column, table.rowCount),
    )
    return withoutInner(found)
  }

  #addFrom(tokens: readonly Token[], from: number): void {
    const first = tokens[from]
    if (first === undefined) return
    this.#words.set(hashOf(first.text), first.text)
    let gram = ''
    for (let at = from; at < Math.min(tokens.length, from + longestName); at += 1) {
      const token = tokens[at]
      if (token === undefined) return
      gram = at === from ? token.text : `${gram} ${token.text}`
      const places = this.#grams.get(gram) ?? []
      places.push({ start: first.start, end: token.end })
      this.#grams.set(gram, places)
    }
  }

  #findIn(column: Column, rowCount: number): ValueMention[] {
    const whole = new Map<string, number[]>()
    const parts = new Map<string, Part>()
    for (let row = 0; row < Math.min(rowCount, mostRows); row += 1) {
      const cell = column.cell(row)
      if (typeof cell !== 'string' || cell === '') continue
      const words = this.#saidWords(cell)
      if (words === null) continue
      if (words.isAll) this.#addWhole(whole, cell, row)
      for (const word of words.said) addPart(parts, word, cell, row)
    }
    return [...this.#whole(column, whole), ...this.#partly(column, whole, parts)]
  }

  #addWhole(whole: Map<string, number[]>, cell: string, row: number): void {
    const form = spokenForm(cell)
    if (!this.#grams.has(form)) return
    const rows = whole.get(form) ?? []
    rows.push(row)
    whole.set(form, rows)
  }

  /** The words of a cell that the answer has, and whether it has all; null where it has none. Letters beyond ASCII are read the long way. */
  #saidWords(cell: string): { readonly said: readonly string[]; readonly isAll: boolean } | null {
    let said: string[] | null = null
    let isAll = true
    let hash = hashStart
    let kind = 0
    for (let at = 0; at <= cell.length; at += 1) {
      const code = at === cell.length ? 32 : cell.charCodeAt(at)
      if (code > 127) return this.#saidWordsOf(spokenForm(cell))
      const small = code >= 65 && code <= 90 ? code + 32 : code
      const next = small >= 97 && small <= 122 ? 1 : small >= 48 && small <= 57 ? 2 : 0
      if (kind !== 0 && next !== kind) {
        const word = this.#words.get(hash)
        if (word === undefined) isAll = false
        else (said ??= []).push(word)
        hash = hashStart
      }
      if (next !== 0) hash = hashStep(hash, small)
      kind = next
    }
    return said === null ? null : { said, isAll }
  }

  #saidWordsOf(form: string): { readonly said: readonly string[]; readonly isAll: boolean } | null {
    const words = form.split(' ')
    const said = words.filter((word) => this.#words.get(hashOf(word)) === word)
    return said.length === 0 ? null : { said, isAll: said.length === words.length }
  }

  #whole(column: Column, whole: ReadonlyMap<string, readonly number[]>): ValueMention[] {
    return [...whole].flatMap(([form, rows]) => {
      if (/^\d+$/.test(form)) return []
      const strong = form.length > 1 && !common.has(form)
      return (this.#grams.get(form) ?? []).map(({ start, end }) => ({ start, end, column, rows, strong }))
    })
  }

  /** A word that one value of a column alone holds stands for it: "Hamilton". */
  #partly(
    column: Column,
    whole: ReadonlyMap<string, readonly number[]>,
    parts: ReadonlyMap<string, Part>,
  ): ValueMention[] {
    const own = new Set(column.words)
    return [...parts].flatMap(([word, { cell, rows, isShared }]) => {
      if (isShared || own.has(word) || whole.has(spokenForm(cell))) return []
      return (this.#grams.get(word) ?? []).map(({ start, end }) => ({
        start,
        end,
        column,
        rows,
        strong: false,
        isPart: true,
      }))
    })
  }
}

function addPart(parts: Map<string, Part>, word: string, cell: string, row: number): void {
  if (word.length < 4 || common.has(word) || /^\d/.test(word)) return
  const known = parts.get(word)
  if (known === undefined) parts.set(word, { cell, rows: [row], isShared: false })
  else if (known.cell === cell) known.rows.push(row)
  else known.isShared = true
}

const hashStart = 0x811c9dc5

function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193) >>> 0
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
  for (const mention of byLength) {
    const isInner = kept.some(
      (other) =>
        other.start <= mention.start &&
        other.end >= mention.end &&
        (other.end - other.start > mention.end - mention.start || (other.strong && !mention.strong)),
    )
    if (!isInner) kept.push(mention)
  }
  return kept.toSorted((left, right) => left.start - right.start)
}

const keyNames =
  /^(?:year|season|round|rd|week|wk|day|no|number|nr|episode|ep|game|match|stage|lap|grade|level|class|quarter|month|series|draft|pick|edition|race|heat|lane|id|district|group|order|period|set|inning|serie|yr|years|ano|jahr|annee)$/

/** Rows that a figure of a sentence names: "in 2004", "round 3", "week 12". */
export function keyMentions(
  figures: readonly Figure[],
  table: IndexedTable,
  textBefore: (figure: Figure) => string,
): readonly ValueMention[] {
  return figures.flatMap((figure) =>
    table.columns.flatMap((column) => {
      const rows = keyRows(figure, column, textBefore(figure), table.rowCount)
      return rows === null || rows.length === 0
        ? []
        : [{ start: figure.start, end: figure.end, column, rows, strong: true, figure }]
    }),
  )
}

function keyRows(figure: Figure, column: Column, before: string, rowCount: number): number[] | null {
  if (column.kind === 'date') {
    if (figure.kind !== 'date' || figure.yearless !== undefined) return null
    const { low, high } = figure.year === true ? yearSpan(figure.low) : figure
    return rowsWhere(
      rowCount,
      (row) => (column.numbers[row] ?? Number.NaN) >= low && (column.ends[row] ?? Number.NaN) <= high,
    )
  }
  if (column.kind !== 'number') {
    // Seasons and spans: "2004-05", "1995 - 2001".
    if (figure.year !== true) return null
    const year = String(figure.low)
    return rowCount > 5_000
      ? null
      : rowsWhere(
          rowCount,
          (row) => new RegExp(`(?<!\\d)${year}(?!\\d)`).test(column.textOf(row)) && column.textOf(row).length <= 12,
        )
  }
  const isKey = figure.year === true ? column.isYears : figure.kind === 'number' && isNamedBefore(column, before)
  return isKey ? rowsWhere(rowCount, (row) => column.numbers[row] === (figure.low + figure.high) / 2) : null
}

/** "round 3": the name of the column, if it is one that rows are named by, stands right before. */
function isNamedBefore(column: Column, before: string): boolean {
  const word = spokenForm(before).split(' ').at(-1) ?? ''
  return (
    word !== '' &&
    column.words.length <= 2 &&
    column.words.some((name) => keyNames.test(name) && (name === word || word.startsWith(name)))
  )
}

function rowsWhere(rowCount: number, holds: (row: number) => boolean): number[] {
  const rows: number[] = []
  for (let row = 0; row < rowCount; row += 1) if (holds(row)) rows.push(row)
  return rows
}
