import type { JsonValue } from '../../../../src/core/json.ts'
import type { Random } from '../../random.ts'
import type { NumberColumn, SourceTable } from './source-table.ts'
import { pick, titled } from './written.ts'

/** What is wrong with a sentence. */
export const mutantKinds = ['value', 'sign', 'unit', 'row', 'column', 'rank', 'date', 'precision', 'direction', 'denominator'] as const // prettier-ignore

export type MutantKind = (typeof mutantKinds)[number]

/** A true sentence about a table, and false ones that differ from it in one thing. */
export interface Claim {
  readonly form: string
  readonly text: string
  /** How many figures stand in it. */
  readonly figures: number
  readonly mutants: readonly { readonly kind: MutantKind; readonly text: string }[]
}

/** Makes one claim about a table, or none where the table does not suit. */
export type ClaimMaker = (table: SourceTable, random: Random) => Claim | null

type Slots = Readonly<Record<string, string>>

interface ClaimParts<Names extends Slots> {
  readonly figures: number
  /** Ways to say it; one is taken, for the true sentence and for the false ones. */
  readonly ways: readonly ((slots: Names) => string)[]
  readonly slots: Names
  /** What stands otherwise in a false one; null where it would not be false. */
  readonly others: readonly (readonly [MutantKind, Partial<Names> | null])[]
}

export function claim<Names extends Slots>(form: string, random: Random, parts: ClaimParts<Names>): Claim {
  const say = pick(parts.ways, random)
  const text = say(parts.slots)
  const mutants = parts.others.flatMap(([kind, other]) => {
    if (other === null) return []
    const mutant = say({ ...parts.slots, ...other })
    return mutant === text ? [] : [{ kind, text: mutant }]
  })
  return { form, text, figures: parts.figures, mutants }
}

/** A cell: its row, its number and what the row is called. */
export interface NamedCell {
  readonly row: number
  readonly name: string
  readonly value: number
}

/** Cells of a column whose rows have a name, in the table's order. */
export function namedCells(table: SourceTable, column: NumberColumn): readonly NamedCell[] {
  const keys = table.keys
  if (keys === null) return []
  return table.rows.flatMap((row, at) => {
    const value = row[column.place]
    return typeof value === 'number' ? [{ row: at, name: titled(textOf(row[keys])), value }] : []
  })
}

/** Numbers of a column in the rows that are asked for. */
export function valuesOf(table: SourceTable, column: NumberColumn, where?: { place: number; text: string }): number[] {
  const rows = where === undefined ? table.rows : table.rows.filter((row) => row[where.place] === where.text)
  return rows.map((row) => row[column.place]).filter((value) => typeof value === 'number')
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}

/** Another of the same kind, if there is one. */
export function another<Item>(items: readonly Item[], holds: (item: Item) => boolean, random: Random): Item | null {
  const others = items.filter(holds)
  return others.length === 0 ? null : pick(others, random)
}
