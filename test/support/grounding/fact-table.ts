import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import papaparse from 'papaparse'
import { corpus } from '../corpora/corpora.ts'
import { businessTable } from './free-sentences/business-tables.ts'

/** Which rows are meant: each named column holds this text, or its number passes. */
export type Which = Readonly<Record<string, string | ((value: number) => boolean)>>

/**
 * A table of a public corpus, read by itself so that labels of sentences do not rest on what is measured. Texts are compared in
 * small letters; a number is what begins a cell, without separators of thousands.
 */
export class FactTable {
  readonly id: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]

  constructor(id: string, [columns = [], ...rows]: readonly (readonly string[])[]) {
    this.id = id
    this.columns = columns
    this.rows = rows
  }

  /** Texts of a column, top down. */
  texts(column: string, which: Which = {}): readonly string[] {
    const place = this.#place(column)
    return this.#rows(which).map((row) => row[place] ?? '')
  }

  /** Numbers of a column, top down; cells without one are left out. */
  numbers(column: string, which: Which = {}): readonly number[] {
    return this.texts(column, which).map(leadingNumber).filter(Number.isFinite)
  }

  /** The number in the first row that has this text as a cell (or all of these), or NaN. */
  at(keys: string | readonly string[], column: string): number {
    return leadingNumber(this.text(keys, column))
  }

  /** The text there, or ''. */
  text(keys: string | readonly string[], column: string): string {
    const wanted = typeof keys === 'string' ? [keys] : keys
    const row = this.rows.find((cells) => wanted.every((key) => cells.some((cell) => same(cell, key))))
    return row?.[this.#place(column)] ?? ''
  }

  sum(column: string, which: Which = {}): number {
    return this.numbers(column, which).reduce((total, value) => total + value, 0)
  }

  mean(column: string, which: Which = {}): number {
    return this.sum(column, which) / this.numbers(column, which).length
  }

  median(column: string, which: Which = {}): number {
    const sorted = this.numbers(column, which).toSorted((left, right) => left - right)
    return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2
  }

  count(which: Which = {}): number {
    return this.#rows(which).length
  }

  max(column: string, which: Which = {}): number {
    return this.numbers(column, which).reduce((most, value) => Math.max(most, value), -Infinity)
  }

  min(column: string, which: Which = {}): number {
    return this.numbers(column, which).reduce((least, value) => Math.min(least, value), Infinity)
  }

  /** The text of one column where another is highest. */
  highest(name: string, column: string, which: Which = {}): string {
    return this.ranked(name, column, which)[0] ?? ''
  }

  lowest(name: string, column: string, which: Which = {}): string {
    return this.ranked(name, column, which).at(-1) ?? ''
  }

  /** Texts of one column by another, highest first; rows without a number are left out. */
  ranked(name: string, column: string, which: Which = {}): readonly string[] {
    const [names, values] = [this.#place(name), this.#place(column)]
    return this.#rows(which)
      .map((row) => ({ name: row[names] ?? '', value: leadingNumber(row[values] ?? '') }))
      .filter((row) => Number.isFinite(row.value))
      .toSorted((left, right) => right.value - left.value)
      .map((row) => row.name)
  }

  #rows(which: Which): readonly (readonly string[])[] {
    const wanted = Object.entries(which).map(([column, value]) => ({ place: this.#place(column), value }))
    return this.rows.filter((row) =>
      wanted.every(({ place, value }) =>
        typeof value === 'string' ? same(row[place] ?? '', value) : value(leadingNumber(row[place] ?? '')),
      ),
    )
  }

  #place(column: string): number {
    const place = this.columns.findIndex((name) => same(name, column))
    if (place < 0) throw new Error(`${this.id} has no column "${column}". It has: ${this.columns.join(', ')}.`)
    return place
  }
}

/** A made table by its name, one of TabFact by its number, of DABench by the name of its file; null where the corpora are not on this machine. Of a long one the first rows. */
export function factTable(id: string, mostRows = Infinity): FactTable | null {
  const made = businessTable(id)
  if (made !== null) return new FactTable(id, made)
  const tabfact = /^\d-\d+-\d+$/.test(id)
  const folder = tabfact ? corpus('grounding') : corpus('workloads/dabench/tables')
  if (folder === null) return null
  const path = tabfact ? join(folder, 'tabfact-tables', `${id}.html.csv`) : join(folder, `${id}.csv`)
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  const rows = tabfact
    ? text
        .split(/\r?\n/)
        .filter((line) => line !== '')
        .map((line) => line.split('#').map((cell) => cell.trim()))
    : papaparse.parse<string[]>(text, { skipEmptyLines: true, preview: Number.isFinite(mostRows) ? mostRows + 1 : 0 })
        .data
  return new FactTable(id, rows)
}

function leadingNumber(cell: string): number {
  const found = /^\s*-?\d[\d,]*(?:\.\d+)?|^\s*-?\.\d+/.exec(cell.replaceAll(' , ', ','))
  return found === null ? NaN : Number(found[0].replaceAll(',', ''))
}

function same(cell: string, wanted: string): boolean {
  return cell.trim().toLowerCase() === wanted.trim().toLowerCase()
}
