import { readDates } from '../figures/dates.ts'
import { fits, type Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { Asked } from './asked.ts'
import type { Filter } from './filters.ts'
import { sayFilter, short, type Trial } from './trial.ts'

/** Rows whose texts are looked through. */
const fewRows = 6
const longestText = 200
const number = /(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w]|\.\d)|\d+(?=(?:st|nd|rd|th)\b)/g

/** Figures that stand inside the texts of rows that words name: "Philips Arena 12272", "won by 8 wickets", "3 - 2". */
export function* readTexts(asked: Asked): Generator<Trial> {
  const { figure, view, named, filters } = asked
  if (figure.kind === 'percent' || isOfPair(asked)) return
  for (const filter of filters) {
    const { rows, mentions } = filter
    if (rows === null || rows.length > fewRows || !mentions.some(({ strong }) => strong)) continue
    const columns = view.table.columns.filter(
      (column) =>
        column.kind === 'text' && !mentions.some((mention) => mention.column === column && mention.isPart !== true),
    )
    for (const column of columns) {
      // Where a column of numbers is named, only a text that is named beside it is read.
      if (named === 'own' && !view.columns.some((mention) => mention.columns.includes(column))) continue
      const row = rows.find((at) => holds(column, at, figure))
      if (row !== undefined) yield trialOf(asked, filter, column, row)
    }
  }
}

/** A part of "3-1" is no figure of its own. */
function isOfPair({ figure, view }: Asked): boolean {
  const at = figure.start - view.sentence.start
  return (
    /\d\s?[-–:]\s?$/.test(view.text.slice(0, at)) || /^\s?[-–:]\s?\d/.test(view.text.slice(at + figure.text.length))
  )
}

function holds(column: Column, row: number, figure: Figure): boolean {
  const text = column.textOf(row)
  if (text.length > longestText || !/\d/.test(text)) return false
  if (figure.kind === 'date' && figure.year !== true)
    return readDates(text).some((date) =>
      figure.yearless === undefined
        ? date.low >= figure.low && date.high <= figure.high
        : date.yearless?.month === figure.yearless.month && date.yearless.day === figure.yearless.day,
    )
  return (text.match(number) ?? []).some((digits) => fits(figure, Number(digits.replaceAll(',', ''))))
}

function trialOf({ figure, view }: Asked, filter: Filter, column: Column, row: number): Trial {
  const value = (figure.low + figure.high) / 2
  return {
    verdict: 'cell',
    value,
    fits: true,
    firm: false,
    table: view.table,
    column,
    rows: [row],
    how: `${short(column.textOf(row))} in ${short(column.name)} of ${sayFilter(filter)} in ${short(view.table.title)}`,
    chance: () => chanceIn(column, view.table.rowCount, figure),
  }
}

/** Of how many rows the text has this figure, too. */
function chanceIn(column: Column, rowCount: number, figure: Figure): number {
  const most = Math.min(rowCount, 1_000)
  let hits = 0
  for (let row = 0; row < most; row += 1) if (holds(column, row, figure)) hits += 1
  return hits / Math.max(1, most)
}
