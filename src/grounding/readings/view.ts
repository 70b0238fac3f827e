import type { Figure } from '../figures/figure.ts'
import type { IndexedTable } from '../tables/evidence.ts'
import { columnMentions, type ColumnMention } from '../words/column-mentions.ts'
import { directionsIn, operationsIn, type Direction, type Operation } from '../words/operations.ts'
import type { Sentence } from '../words/sentences.ts'
import { keyMentions, type ValueMention } from '../words/value-mentions.ts'

/** A sentence beside a table: what its words name there. */
export interface View {
  readonly sentence: Sentence
  readonly text: string
  readonly table: IndexedTable
  readonly figures: readonly Figure[]
  readonly values: readonly ValueMention[]
  readonly columns: readonly ColumnMention[]
  readonly operations: readonly { readonly operation: Operation; readonly start: number; readonly end: number }[]
  readonly directions: readonly Direction[]
  /** How much of the sentence the table knows. */
  readonly score: number
}

const mostMentions = 48

export function viewOf(
  answer: string,
  sentence: Sentence,
  table: IndexedTable,
  figures: readonly Figure[],
  known: readonly ValueMention[],
): View {
  const text = answer.slice(sentence.start, sentence.end)
  const inside = known.filter(({ start, end }) => start >= sentence.start && end <= sentence.end)
  const keys = keyMentions(figures, table, (figure) =>
    answer.slice(Math.max(sentence.start, figure.start - 16), figure.start),
  )
  const named = [...inside.map((value) => withFigure(value, figures)), ...keys]
    .toSorted((left, right) => left.start - right.start)
    .slice(0, mostMentions)
  const strong = named.filter((value) => value.strong && value.figure === undefined)
  const taken = (token: { readonly start: number; readonly end: number }): boolean =>
    strong.some(({ start, end }) => start <= token.start && end >= token.end) ||
    figures.some(
      (figure) =>
        figure.year !== true && figure.kind !== 'rank' && figure.start <= token.start && figure.end >= token.end,
    )
  const columns = withHeads(sentence, table, columnMentions(sentence.tokens, table, taken)).slice(0, mostMentions)
  const values = named.map((value) =>
    value.strong || !isClear(answer, sentence, value, columns) ? value : Object.assign({}, value, { strong: true }),
  )
  const claimed = figures.filter((figure) => !isPartOfName(figure, values, columns))
  const shift = <Place extends { readonly start: number; readonly end: number }>(place: Place): Place =>
    Object.assign({}, place, { start: place.start + sentence.start, end: place.end + sentence.start })
  return {
    sentence,
    text,
    table,
    figures: claimed,
    values,
    columns,
    operations: operationsIn(text).map(shift),
    directions: directionsIn(text).map(shift),
    score: scoreOf(values, columns),
  }
}

/** Digits inside a name of a row or of a column are no figures: "Pocono 500", "revenue 2023". */
function isPartOfName(figure: Figure, values: readonly ValueMention[], columns: readonly ColumnMention[]): boolean {
  const inside = (place: { readonly start: number; readonly end: number }): boolean =>
    place.start <= figure.start && place.end >= figure.end
  return (
    values.some(
      (value) =>
        value.strong &&
        value.figure === undefined &&
        inside(value) &&
        value.end - value.start > figure.end - figure.start,
    ) || columns.some((mention) => inside(mention) && mention.share === 1 && mention.end > mention.start)
  )
}

/** A value that is a figure as well, as a day is that a column has as text. */
function withFigure(value: ValueMention, figures: readonly Figure[]): ValueMention {
  const figure = figures.find(({ start, end }) => start === value.start && end === value.end)
  return figure === undefined ? value : Object.assign({}, value, { figure })
}

/** Is a word that is said anyway a value here: with a capital inside a sentence, or beside the name of its column? */
function isClear(
  answer: string,
  sentence: Sentence,
  { start, end, column, isPart }: ValueMention,
  columns: readonly ColumnMention[],
): boolean {
  if (isPart || end - start < 2) return false
  if (sentence.tokens[0]?.start !== start && /^\p{Lu}/u.test(answer.slice(start, end))) return true
  return columns.some(
    (mention) =>
      mention.columns.includes(column) && (Math.abs(start - mention.end) <= 6 || Math.abs(mention.start - end) <= 6),
  )
}

function scoreOf(values: readonly ValueMention[], columns: readonly ColumnMention[]): number {
  const spans = new Map<number, number>()
  for (const { start, strong, figure } of values)
    spans.set(start, Math.max(spans.get(start) ?? 0, figure === undefined ? (strong ? 2 : 0.75) : 1))
  return (
    [...spans.values()].reduce((sum, value) => sum + value, 0) +
    columns.reduce((sum, { share }) => sum + share * 1.5, 0)
  )
}

/** A cell of a table in Markdown stands below the name of its column. */
function withHeads(sentence: Sentence, table: IndexedTable, said: readonly ColumnMention[]): readonly ColumnMention[] {
  if (sentence.heads === undefined) return said
  return sentence.heads.flatMap(({ start, text }) => {
    const column = table.columns.find(
      ({ name }) => name.toLowerCase() === text.replaceAll(/[*_`]/g, '').trim().toLowerCase(),
    )
    return column === undefined ? [] : [{ start, end: start, columns: [column], share: 1 }]
  })
}
