import type { Column } from '../tables/column.ts'
import type { IndexedTable } from '../tables/evidence.ts'
import type { ValueMention } from './value-mentions.ts'

/** What words ask of a table whose rows are statistics, as programs print them, with the labels that such a row may have. */
const statistics: readonly (readonly [RegExp, RegExp])[] = [
  [/\b(?:average[ds]?|mean|typical(?:ly)?)\b/gi, /^(?:mean|average|avg)$/i],
  [/\b(?:median|half of)\b/gi, /^(?:50 ?%|median|q2)$/i],
  [/\b(?:standard deviations?|std|spread)\b/gi, /^(?:std|sd|stddev|standard deviation)$/i],
  [/\b(?:minimum|lowest|smallest|youngest|shortest|cheapest|least|at least)\b/gi, /^(?:min|minimum)$/i],
  [/\b(?:maximum|highest|largest|oldest|longest|tallest|most|up to|peak\w*)\b/gi, /^(?:max|maximum)$/i],
  [/\b(?:first quartile|lower quartile|25th percentile|(?:bottom|lower) quarter)\b/gi, /^(?:25 ?%|q1)$/i],
  [/\b(?:third quartile|upper quartile|75th percentile|top quarter)\b/gi, /^(?:75 ?%|q3)$/i],
  [
    /\b(?:count|people|persons|rows|records|observations|customers|respondents|entries|sample|cases|values|patients|orders|users|there (?:are|were)|n)\b/gi,
    /^(?:count|n)$/i,
  ],
]
/** Two figures of a range: its ends are the lowest and the highest, or the quartiles of "half of them". */
const range =
  /\b(?:(?:rang\w*|var\w+|span\w*|go\w*|run\w*|l(?:ie|ies|ay|ying)|fall\w*)\s+(?:\p{L}+\s+)?(?:from|between)|from|between|\()\s*[$€£]?-?\d[\d.,]*\s*(?:%|\p{L}{1,6})?\s*(to|and|–|-)\s*[$€£]?-?\d/giu
const fewestStatistics = 3
const mostRows = 24

/** Words that name rows of a table of statistics: "the median" of one whose rows are `mean`, `50%` and `max`. */
export function statisticMentions(text: string, offset: number, table: IndexedTable): readonly ValueMention[] {
  const column = statisticsOf(table)
  if (column === null) return []
  const rowsOf = (label: RegExp): number[] => {
    const rows: number[] = []
    for (let row = 0; row < table.rowCount; row += 1) if (label.test(column.textOf(row).trim())) rows.push(row)
    return rows
  }
  const mention = (start: number, end: number, rows: readonly number[]): ValueMention[] =>
    rows.length === 0 ? [] : [{ start: start + offset, end: end + offset, column, rows, strong: true }]
  const named = statistics.flatMap(([words, label]) =>
    [...text.matchAll(words)].flatMap((match) => mention(match.index, match.index + match[0].length, rowsOf(label))),
  )
  const ends = [...text.matchAll(range)].flatMap((match) => {
    const isHalf = /\b(?:half|middle|quartile|interquartile|iqr)\b/i.test(text.slice(0, match.index + 8))
    const [low, high] = isHalf ? [/^(?:25 ?%|q1)$/i, /^(?:75 ?%|q3)$/i] : [/^min(?:imum)?$/i, /^max(?:imum)?$/i]
    const middle = match.index + match[0].lastIndexOf(match[1] ?? '')
    const first = match.index + match[0].search(/[$€£]?-?\d/)
    return mention(first - 1, first, rowsOf(low)).concat(
      mention(middle, middle + (match[1] ?? '').length, rowsOf(high)),
    )
  })
  return [...named, ...ends]
}

/** The column of labels; null for a table whose rows are no statistics. */
function statisticsOf({ columns, rowCount }: IndexedTable): Column | null {
  const [first] = columns
  if (first === undefined || first.kind !== 'text' || rowCount > mostRows) return null
  const labels = Array.from({ length: rowCount }, (_, row) => first.textOf(row).trim())
  const found = statistics.filter(([, label]) => labels.some((text) => label.test(text))).length
  return found >= fewestStatistics ? first : null
}
