import { monthOf, yearAndDay } from '../figures/dates.ts'
import type { Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { IndexedTable } from '../tables/evidence.ts'
import { rowsWhere } from './key-mentions.ts'
import type { ValueMention } from './value-mentions.ts'

const month = /(?<![\p{L}\d])\p{Lu}\p{L}{2,8}(?!\p{L})/gu
const quarter =
  /\b(?:Q([1-4])|(first|second|third|fourth|last|[1-4](?:st|nd|rd|th))(?:[ -]quarter| (?=(?:to|and|versus|vs\.?) (?:the )?(?:second|third|fourth|last|[2-4](?:nd|rd|th))[ -]quarter)))\b/gi
const half = /\b(?:H([12])|(first|second|1st|2nd)[ -]half(?= of| year|,|\.|$))/gi
const places = ['first', 'second', 'third', 'fourth']

interface Period {
  readonly start: number
  readonly end: number
  /** Months from 1, both counted. */
  readonly first: number
  readonly last: number
}

/** "in May", "the second quarter", "H1", without a year: rows of a column of days that lie in it. */
export function periodMentions(
  text: string,
  offset: number,
  table: IndexedTable,
  figures: readonly Figure[],
): readonly ValueMention[] {
  const columns = table.columns.filter((column) => column.kind === 'date')
  if (columns.length === 0) return weekMentions(text, offset, table)
  return periodsIn(text)
    .map((period) => Object.assign({}, period, { start: period.start + offset, end: period.end + offset }))
    .filter(
      ({ start, end }) => !figures.some((figure) => figure.start < end && figure.end > start && figure.kind === 'date'),
    )
    .flatMap((period) =>
      columns.flatMap((column) => {
        const rows = rowsIn(column, period, table.rowCount)
        return rows.length === 0 ? [] : [{ start: period.start, end: period.end, column, rows, strong: true }]
      }),
    )
}

/** "W05" and "week 5" of "2026-W05". */
function weekMentions(text: string, offset: number, table: IndexedTable): readonly ValueMention[] {
  if (table.rowCount > 5_000) return []
  return [...text.matchAll(/\b(?:W|week )0?(\d{1,2})\b/gi)].flatMap((match) => {
    const pattern = new RegExp(`^\\d{4}-?W0?${match[1] ?? ''}$`, 'i')
    const [start, end] = [match.index + offset, match.index + match[0].length + offset]
    return table.columns.flatMap((column) => {
      if (column.kind !== 'text') return []
      const rows = rowsWhere(table.rowCount, (row) => pattern.test(column.textOf(row)))
      return rows.length === 0 ? [] : [{ start, end, column, rows, strong: true }]
    })
  })
}

function periodsIn(text: string): readonly Period[] {
  const months = [...text.matchAll(month)].flatMap((match): Period[] => {
    const at = monthOf(match[0])
    // "May" begins questions.
    const isWord =
      at === null ||
      (/^(?:May|Mar)$/.test(match[0]) &&
        /(?:^|[.!?]\s)$/.test(text.slice(0, match.index)) &&
        /^ (?:i|we|you|he|she|it|they|the|this|that|be)\b/i.test(text.slice(match.index + match[0].length)))
    return isWord ? [] : [{ start: match.index, end: match.index + match[0].length, first: at, last: at }]
  })
  const several = (pattern: RegExp, length: number): Period[] =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const said = (match[1] ?? match[2] ?? '').toLowerCase()
      const at = said === 'last' ? 4 : Number.parseInt(said, 10) || places.indexOf(said) + 1
      return [
        { start: match.index, end: match.index + match[0].length, first: (at - 1) * length + 1, last: at * length },
      ]
    })
  return [...months, ...several(quarter, 3), ...several(half, 6)]
}

function rowsIn(column: Column, { first, last }: Period, rowCount: number): number[] {
  const rows: number[] = []
  for (let row = 0; row < rowCount; row += 1) {
    const [low, high] = [column.numbers[row] ?? Number.NaN, column.ends[row] ?? Number.NaN]
    if (Number.isNaN(low)) continue
    const [from, to] = [yearAndDay(low), yearAndDay(high)]
    if (from.year === to.year && from.month >= first && to.month <= last) rows.push(row)
  }
  return rows
}
