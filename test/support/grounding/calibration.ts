import { groundAnswer } from '../../../src/grounding/ground-answer.ts'
import type { Random } from '../random.ts'
import type { GeneratedAnswer } from './generate/answers.ts'
import { textOf } from './generate/claim.ts'
import type { SourceTable } from './generate/source-table.ts'
import { pick } from './generate/written.ts'
import { evidenceOf } from './own-check.ts'

/** What is printed beside figures of tables of one size, and how often they are found in the same tables with other cells. */
export interface Calibration {
  readonly size: string
  readonly figures: number
  /** Mean of the printed rates, 0 to 1. */
  readonly printed: number
  /** Share of trials in which the figure was bound all the same, 0 to 1. */
  readonly measured: number
}

const sizes = [
  ['up to 10 rows', 10],
  ['11 to 30 rows', 30],
  ['31 to 200 rows', 200],
  ['more', Infinity],
] as const

/** Answers over one table each are grounded again over that table with its cells drawn anew. */
export function calibrate(answers: readonly GeneratedAnswer[], rounds: number, random: Random): readonly Calibration[] {
  const bins = sizes.map(([size]) => ({ size, figures: 0, printed: 0, hits: 0 }))
  for (const { tables, text } of answers) {
    const [table] = tables
    if (table === undefined || tables.length > 1) continue
    const bin = bins[sizes.findIndex(([, most]) => table.rows.length <= most)]
    const marks = groundAnswer(text, evidenceOf(tables)).marks.filter(
      (mark) => mark.coincidence !== null && !staysAsItIs(mark.text, table),
    )
    if (bin === undefined || marks.length === 0) continue
    bin.figures += marks.length
    bin.printed += marks.reduce((sum, { coincidence }) => sum + (coincidence ?? 0), 0)
    for (let round = 0; round < rounds; round += 1) {
      const again = groundAnswer(text, evidenceOf([redrawn(table, random)])).marks
      const bound = new Set(
        again.filter(({ verdict }) => verdict === 'cell' || verdict === 'computed').map(({ start }) => start),
      )
      bin.hits += marks.filter(({ start }) => bound.has(start)).length
    }
  }
  return bins
    .filter(({ figures }) => figures > 0)
    .map(({ size, figures, printed, hits }) => ({
      size,
      figures,
      printed: printed / figures,
      measured: hits / (figures * rounds),
    }))
}

/** How many rows there are, and what a row is called, is the same however cells are drawn. */
function staysAsItIs(text: string, { rows, times }: SourceTable): boolean {
  const name = times === null ? undefined : rows.find((row) => textOf(row[times]) === text)
  return name !== undefined || Number(text.replaceAll(',', '')) === rows.length
}

/** The same table with each cell drawn anew from its column, so that sums and counts are others, too; names of rows and times stay. */
function redrawn(table: SourceTable, random: Random): SourceTable {
  const kept = new Set([table.keys, table.times])
  const rows = table.rows.map((row) =>
    row.map((cell, place) => (kept.has(place) ? cell : (pick(table.rows, random)[place] ?? null))),
  )
  return { ...table, rows }
}
