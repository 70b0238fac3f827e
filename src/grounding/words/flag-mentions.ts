import type { Column } from '../tables/column.ts'
import type { ColumnMention } from './column-mentions.ts'
import type { ValueMention } from './value-mentions.ts'

/** Rows in which a column of truths says yes, and those in which it says no. */
interface Flag {
  readonly yes: readonly number[]
  readonly no: readonly number[]
}

const known = new WeakMap<Column, Flag | null>()
const truths = new Map<string, boolean>([
  ['1', true],
  ['0', false],
  ['1.0', true],
  ['0.0', false],
  ['yes', true],
  ['no', false],
  ['y', true],
  ['n', false],
  ['true', true],
  ['false', false],
])
/** Of fewer rows, 0 and 1 are numbers as well as truths. */
const fewestRows = 40
const negated = /(?:\b(?:not|non|never|without|no|did not|didn.t|n.t)[ -]+|\bun)$/i

/** The rows of a column of truths; null where it is none. */
export function flagOf(column: Column, rowCount: number): Flag | null {
  const made = known.get(column)
  if (made !== undefined) return made
  const flag = read(column, rowCount)
  known.set(column, flag)
  return flag
}

function read(column: Column, rowCount: number): Flag | null {
  const [yes, no]: [number[], number[]] = [[], []]
  for (let row = 0; row < rowCount; row += 1) {
    const text = column.textOf(row).trim().toLowerCase()
    if (text === '') continue
    const truth = truths.get(text)
    if (truth === undefined) return null
    const list = truth ? yes : no
    list.push(row)
  }
  const isNumber = column.kind === 'number'
  return yes.length === 0 || no.length === 0 || (isNumber && rowCount < fewestRows) ? null : { yes, no }
}

/** "342 survived", "non-smokers": the names of columns of truths are conditions, and name rows. */
export function flagMentions(
  text: string,
  offset: number,
  columns: readonly ColumnMention[],
  rowCount: number,
): readonly ValueMention[] {
  return columns.flatMap(({ start, end, columns: [column, ...more] }) => {
    const flag = column === undefined || more.length > 0 ? null : flagOf(column, rowCount)
    if (column === undefined || flag === null) return []
    const rows = negated.test(text.slice(0, start - offset)) ? flag.no : flag.yes
    return [{ start, end, column, rows, strong: false, isFlag: true }]
  })
}
