import { anyOf, chanceOfCell, chanceOfForm } from './coincidence.ts'
import { fits } from '../figures/figure.ts'
import type { Asked } from './asked.ts'
import { pick, sumOf } from './compute.ts'
import { sayRows, short, type Trial } from './trial.ts'

const lead = /\d[\d.,]*(?:\s\p{L}+)?\s+(?:out )?of (?:the |all |its |their |a total of |all the )?[$€£]?$/iu
const mostColumns = 6

/** "It closed 282 of 325 tickets": of the rows that the part is of, what another column counts. Never less than the part. */
export function* readWholes(asked: Asked): Generator<Trial> {
  const { figure, view, from } = asked
  if (figure.kind !== 'number' && figure.kind !== 'money') return
  const text = view.text.slice(Math.max(0, from - view.sentence.start - 24), figure.start - view.sentence.start)
  const part = view.figures.findLast(({ end }) => end <= figure.start)
  if (!lead.test(text) || part === undefined || part.low > figure.high) return
  const columns = view.table.columns.filter(
    (column) => column.kind === 'number' && !column.isYears && (column.unit === null || column.unit !== '%'),
  )
  if (columns.length > mostColumns) return
  for (const filter of asked.filters.slice(0, 4)) {
    if (filter.rows === null && !view.table.whole) continue
    for (const column of columns) {
      const { numbers, rows, ...picked } = pickedOf(asked, column, filter.rows)
      if (numbers.length === 0) continue
      const value = picked.sum * column.scale
      yield {
        verdict: 'computed',
        value,
        fits: fits(figure, value) || fits(figure, picked.sum),
        firm: false,
        table: view.table,
        column,
        rows,
        how: `${short(column.name)} over ${sayRows(filter, view.table)}`,
        chance: () => (numbers.length === 1 ? anyOf([chanceOfCell(figure, column, 1)]) : chanceOfForm(figure)),
      }
    }
  }
}

function pickedOf({ view }: Asked, column: Trial['column'] & {}, rows: readonly number[] | null) {
  const picked = pick(column, rows, view.table.rowCount)
  return { numbers: picked.numbers, rows: rows === null ? null : picked.rows, sum: picked.compute(sumOf) }
}
