import { fits, times, type Figure } from '../figures/figure.ts'
import { conversion } from '../figures/units.ts'
import type { Column } from '../tables/column.ts'
import type { IndexedTable } from '../tables/evidence.ts'
import { negatives } from '../words/operations.ts'
import type { Asked } from './asked.ts'
import type { Filter } from './filters.ts'

/** One way to read the words about a figure, and what the rows give for it. */
export interface Trial {
  readonly verdict: 'cell' | 'computed'
  /** In the figure's own terms: percent in percent. */
  readonly value: number
  readonly fits: boolean
  /** Do the words leave no other way open, so that another value speaks against the figure? */
  readonly firm: boolean
  readonly table: IndexedTable
  readonly column: Column | null
  /** Null for every row. */
  readonly rows: readonly number[] | null
  readonly how: string
  /** How likely this trial fits by chance. Asked for at the end alone. */
  readonly chance: () => number
  /** What stands in the way besides the value: another unit. */
  readonly conflict?: string
  /** The values that name its rows; undefined where it may speak against no figure. */
  readonly mentions?: Filter['mentions']
  /** The figure of a condition that it was computed under: "above 50". */
  readonly bound?: Figure | undefined
  /** For dates and texts: how the value is said. */
  readonly said?: string
}

/** How a column's numbers may be said: as they are, in what its name counts, parts of 1 in percent. */
export function factorsOf(column: Column, figure: Figure): readonly number[] {
  if (figure.kind === 'percent') return column.isFraction && column.unit !== '%' ? [100] : [1]
  const factor =
    column.unit === null || figure.unit === null ? null : conversion(column.unit, unitFor(column.unit, figure))
  if (factor !== null && factor !== 1) return [factor]
  return column.scale === 1 ? [1] : [1, column.scale]
}

/** "pounds" are money, and a weight beside weights. */
function unitFor(unit: string, figure: Figure): string {
  return figure.unit === 'GBP' && /pounds?$/i.test(figure.text) && conversion(unit, 'lb') !== null
    ? 'lb'
    : (figure.unit ?? unit)
}

/** Can this figure's unit be the column's? Null where it can; else what is in the way. */
export function unitConflict(column: Column, figure: Figure): string | null {
  const { unit } = column
  if (figure.kind === 'percent') {
    const isPercent =
      unit === '%' ||
      column.isFraction ||
      /(?:pct|percent|rate|ratio|share|margin|humidity|coverage|occupancy|utili[sz]ation|turnout|accuracy|efficiency|load|%)/i.test(
        column.name,
      )
    return isPercent ? null : `${column.name} is not in percent`
  }
  if (unit === null || figure.unit === null)
    return figure.kind === 'money' && unit === '%' ? `${column.name} is in percent` : null
  if (figure.unit === 'points' || conversion(unit, unitFor(unit, figure)) !== null) return null
  return `${column.name} is in ${unit}`
}

/** Does a value fit, with a magnitude where words say that it is less than nothing? */
export function fitsSaid(asked: Asked, value: number, factor = 1): boolean {
  const { figure } = asked
  if (fits(figure, value * factor)) return true
  if (value >= 0 || figure.signed) return false
  return negatives.test(`${asked.before} ${asked.after}`) && fits(times(figure, -1), value * factor)
}

const mostSaid = 3

/** "Books, 2004": the values that rows were named by. */
export function sayFilter(filter: Filter): string {
  if (filter.said !== undefined) return filter.said
  const said = filter.mentions
    .slice(0, mostSaid)
    .map(({ column, rows, figure }) => figure?.text ?? column.textOf(rows[0] ?? 0))
  const bounds = (filter.bounds ?? []).map(({ text }) => `bound ${text}`)
  return [...new Set([...said, ...bounds])].map((text) => short(text)).join(', ')
}

/** Printable words with a blank between each two, as most names are. */
const plainWords = /^[!-~]+(?: [!-~]+)*$/

export function short(text: string): string {
  if (text.length <= 48 && plainWords.test(text)) return text
  const plain = text.replaceAll(/[\p{C}\s]+/gu, ' ').trim()
  return plain.length > 48 ? `${plain.slice(0, 47)}…` : plain
}

function formatOf(digits: number): Intl.NumberFormat {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: digits })
}

const formats = [formatOf(4), formatOf(2)] as const

export function sayNumber(value: number): string {
  if (!Number.isFinite(value)) return 'no number'
  const [ofFractions, ofOthers] = formats
  return (Math.abs(value) < 1 ? ofFractions : ofOthers).format(value)
}

export function sayRows(filter: Filter, table: IndexedTable): string {
  const count = filter.rows?.length ?? table.rowCount
  const said = sayFilter(filter)
  return `${count === table.rowCount ? `all ${count}` : String(count)} ${count === 1 ? 'row' : 'rows'}${said === '' ? '' : ` (${said})`} of ${short(table.title)}`
}

/** A cell that figures beside its own have led to; the chance of it is told with the judgement, as that of all of them. */
export function cellFoundBeside(
  table: Trial['table'],
  { column, row }: { readonly column: Column; readonly row: number },
  why: string,
): Trial {
  return {
    verdict: 'cell',
    value: column.numbers[row] ?? Number.NaN,
    fits: true,
    firm: false,
    table,
    column,
    rows: [row],
    how: `${short(column.name)} of row ${row + 1}, ${why}, in ${short(table.title)}`,
    chance: () => 0,
  }
}
