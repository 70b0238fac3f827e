import type { Column } from '../tables/column.ts'
import type { Asked } from './asked.ts'
import { suits } from './suits.ts'
import { anyOf, chanceOfCell } from './coincidence.ts'
import type { Filter } from './filters.ts'
import { factorsOf, fitsSaid, sayFilter, short, unitConflict, type Trial } from './trial.ts'

/** Rows among which one may be meant without words that say which. */
const fewRows = 6

/** The cells that row and column name, or the row alone where no column is named. */
export function* readCells(asked: Asked): Generator<Trial> {
  const { table } = asked.view
  const columns = columnsOf(asked)
  for (const filter of asked.filters) {
    const rows = filter.rows ?? (table.rowCount <= 1 ? [0] : null)
    if (rows === null || rows.length === 0) continue
    for (const column of columns) yield* cellTrials(asked, filter, rows, column, columns.length)
  }
}

/** Every column of numbers stands open where no word names one, but those that rows are named by. */
function columnsOf(asked: Asked): readonly Column[] {
  if (asked.named === 'own' && !isNamedLoosely(asked)) return asked.columns
  if (asked.named === 'sentence' && asked.view.table.columns.length > fewColumns) return asked.columns
  if (countsRows(asked)) return []
  const free = asked.view.table.columns.filter(
    (column) => column.kind === 'number' && !column.isYears && !isRowNumber(column.name) && suits(column, asked.figure),
  )
  return [...new Set([...asked.columns, ...free])].slice(0, 40)
}

/** Do words name a column by a part of its name, or by a word that is near to it, of few that may be meant? */
function isNamedLoosely({ view, columns, from, to }: Asked): boolean {
  const own = view.columns.filter(
    ({ start, end, columns: named }) => start >= from && end <= to && named.some((column) => columns.includes(column)),
  )
  return (
    view.table.columns.length <= fewColumns &&
    own.length > 0 &&
    own.every(({ share, columns: named }) => share < 1 && !named.some(({ name }) => /\d/.test(name)))
  )
}

const fewColumns = 8

/** "3 of the 12", "12 rows": those count rows, and are no values. Of more than there are rows, they are values of two columns. */
function countsRows({ before, after, view, to }: Asked): boolean {
  const behind = `${after}${view.text.slice(to - view.sentence.start, to - view.sentence.start + 12)}`
  if (/^\s*(?:rows?\b|records\b|entries\b)/i.test(behind)) return true
  const [, whole] =
    /^\s*(?:out )?of (?:the |all )?(\d[\d,]*)/i.exec(behind) ??
    /(\d[\d,]*)\s+(?:out )?of (?:the |all )?$/i.exec(before) ??
    []
  return whole !== undefined && Number(whole.replaceAll(',', '')) <= view.table.rowCount
}

function isRowNumber(name: string): boolean {
  return /^(?:|unnamed.*|index|id|.*[_ ]id|no\.?|#|nr)$/i.test(name.trim())
}

function* cellTrials(
  asked: Asked,
  filter: Filter,
  rows: readonly number[],
  column: Column,
  width: number,
): Generator<Trial> {
  if (filter.mentions.some((mention) => mention.column === column) || !suits(column, asked.figure)) return
  const { figure, view } = asked
  const conflict = unitConflict(column, figure)
  const { numbers } = column
  const filled = filledFew(numbers, rows)
  if (filled === null) return
  const same = filled.every((row) => numbers[row] === numbers[filled[0] ?? 0])
  for (const factor of factorsOf(column, figure)) {
    const fit = (same ? filled.slice(0, 1) : filled).find((at) => fitsSaid(asked, numbers[at] ?? Number.NaN, factor))
    const row = fit ?? filled[0] ?? 0
    const value = (numbers[row] ?? Number.NaN) * factor
    const isFit = fit !== undefined
    if (!isFit && conflict !== null) continue
    yield {
      verdict: 'cell',
      value,
      fits: isFit && conflict === null,
      firm: same && isFirm(asked, filter, width),
      table: view.table,
      column,
      rows: [row],
      mentions: filter.mentions,
      ...(filter.bounds === undefined ? {} : { bound: filter.bounds[0] }),
      how: `${short(column.name)} of ${sayFilter(filter) || `row ${row + 1}`} in ${short(view.table.title)}`,
      chance: () => {
        const one = chanceOfCell(figure, column, factor)
        return anyOf(filled.map(() => one))
      },
      ...(isFit && conflict !== null ? { conflict } : {}),
    }
  }
}

/** The rows that have a number; null where none has, or where they are too many to mean one of several numbers. */
function filledFew(numbers: Float64Array, rows: readonly number[]): readonly number[] | null {
  const filled: number[] = []
  let isSame = true
  for (const row of rows) {
    const value = numbers[row] ?? Number.NaN
    if (Number.isNaN(value)) continue
    filled.push(row)
    isSame &&= value === numbers[filled[0] ?? 0]
    if (!isSame && filled.length > fewRows) return null
  }
  return filled.length === 0 ? null : filled
}

/** Column and row are named for this figure, and no operation is. */
function isFirm(asked: Asked, filter: Filter, width: number): boolean {
  const plainWords = [...asked.operations].every(
    (operation) => operation === 'rank' || operation === 'max' || operation === 'min' || operation === 'count',
  )
  return (
    asked.named === 'own' &&
    filter.isEarlier !== true &&
    plainWords &&
    width <= 2 &&
    filter.mentions.some(({ strong }) => strong)
  )
}
