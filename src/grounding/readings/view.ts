import { setOf } from '../../text/set-of.ts'
import type { Figure } from '../figures/figure.ts'
import type { IndexedTable } from '../tables/evidence.ts'
import { columnMentions, type ColumnMention } from '../words/column-mentions.ts'
import { directionsIn, operationsIn, type Direction, type Operation } from '../words/operations.ts'
import type { Sentence } from '../words/sentences.ts'
import { Beside, keyMentions, spanMentions } from '../words/key-mentions.ts'
import { flagMentions } from '../words/flag-mentions.ts'
import { statisticMentions } from '../words/statistic-mentions.ts'
import { tokensOf } from '../words/tokens.ts'
import { withOthers } from '../words/other-mentions.ts'
import { periodMentions } from '../words/period-mentions.ts'
import { placesInTime } from '../words/place-in-time.ts'
import type { ValueMention } from '../words/value-mentions.ts'

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

interface Said extends Pick<View, 'operations' | 'directions'> {
  readonly besides: readonly Beside[]
}

/** What the words of a sentence say by themselves is the same beside each table. */
const saidBy = new WeakMap<Sentence, Said>()

function saidIn(sentence: Sentence, text: string, figures: readonly Figure[]): Said {
  const known = saidBy.get(sentence)
  if (known !== undefined) return known
  const moved = <Place extends { readonly start: number; readonly end: number }>(place: Place): Place =>
    Object.assign({}, place, { start: place.start + sentence.start, end: place.end + sentence.start })
  const besides = figures.map((figure) => {
    const [start, end] = [figure.start - sentence.start, figure.end - sentence.start]
    return new Beside(figure, text.slice(Math.max(0, start - 24), start), text.slice(end, end + 24))
  })
  const said = { operations: operationsIn(text).map(moved), directions: directionsIn(text).map(moved), besides }
  saidBy.set(sentence, said)
  return said
}

export function viewOf(
  answer: string,
  sentence: Sentence,
  table: IndexedTable,
  figures: readonly Figure[],
  known: readonly ValueMention[],
): View {
  const text = answer.slice(sentence.start, sentence.end)
  const inside = within(known, sentence)
  const { operations, directions, besides } = saidIn(sentence, text, figures)
  const keys = keyMentions(besides, table)
  const periods = periodMentions(text, sentence.start, table, figures)
  const places = [
    ...placesInTime(text, sentence.start, table),
    ...statisticMentions(text, sentence.start, table),
    ...spanMentions(text, sentence.start, table),
  ]
  const named = [...inside.flatMap((value) => withFigure(value, figures, answer) ?? []), ...keys, ...periods, ...places]
    .toSorted((left, right) => left.start - right.start)
    .slice(0, mostMentions)
  const clear = named.map((value) =>
    isPlainWord(answer, value, table) ? Object.assign({}, value, { strong: false }) : value,
  )
  const strong = clear.filter((value) => value.strong && value.figure === undefined)
  const taken = (token: { readonly start: number; readonly end: number }): boolean =>
    strong.some(({ start, end }) => start <= token.start && end >= token.end)
  const said = withHeads(sentence, table, columnMentions(sentence.tokens, table, taken)).slice(0, mostMentions)
  const flags = flagMentions(text, sentence.start, said, table.rowCount)
  const columns = said.filter((mention) => !flags.some(({ start }) => start === mention.start))
  const values = withOthers(
    text,
    sentence.start,
    table,
    [...clear, ...flags].toSorted((left, right) => left.start - right.start),
  ).map((value) =>
    value.strong || !isClear(answer, sentence, value, columns) ? value : Object.assign({}, value, { strong: true }),
  )
  const literals = values.flatMap(({ figure }) => (figure?.kind === 'literal' ? [figure] : []))
  const claimed = [
    ...figures.filter(
      (figure) =>
        !isPartOfName(figure, values, columns) &&
        !literals.some(({ start, end }) => start <= figure.start && end >= figure.end),
    ),
    ...new Map(literals.map((figure) => [figure.start, figure])).values(),
  ].toSorted((left, right) => left.start - right.start)
  return {
    sentence,
    text,
    table,
    figures: claimed,
    values,
    columns,
    operations,
    directions,
    score: scoreOf(values, columns),
  }
}

/** Of mentions in the order of the text, those that stand in a sentence. */
function within(known: readonly ValueMention[], sentence: Sentence): readonly ValueMention[] {
  let [from, to] = [0, known.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((known[middle]?.start ?? 0) < sentence.start) from = middle + 1
    else to = middle
  }
  const inside: ValueMention[] = []
  for (let at = from; at < known.length; at += 1) {
    const mention = known[at]
    if (mention === undefined || mention.start >= sentence.end) break
    if (mention.end <= sentence.end) inside.push(mention)
  }
  return inside
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
    ) ||
    columns.some(
      (mention) =>
        inside(mention) &&
        mention.end > mention.start &&
        (mention.share === 1 || figure.year === true || mention.end - mention.start > figure.end - figure.start),
    )
  )
}

/**
 * A value that is a figure as well: a day that a column has as text, or a score ("3-2"). None where it is a part of a figure: "6.1 %" says
 * nothing of a record of 6 - 1.
 */
function withFigure(value: ValueMention, figures: readonly Figure[], answer: string): ValueMention | null {
  const { start, end } = value
  const around = figures.find((figure) => figure.start <= start && figure.end >= end)
  if (around !== undefined) {
    const isSame = around.kind === 'date' && around.start === start && around.end === end
    return isSame ? Object.assign({}, value, { figure: around }) : null
  }
  const text = answer.slice(start, end)
  if (!/\d/.test(text) || /\p{L}/u.test(text) || !figures.some((figure) => figure.start >= start && figure.end <= end))
    return value
  const nothing = { low: Number.NaN, high: Number.NaN, others: [], unit: null, signed: false, weak: true }
  return Object.assign({}, value, { figure: { start, end, text, kind: 'literal', ...nothing } satisfies Figure })
}

/**
 * "761 people" of a department "People": a word in small letters that may name a column, too, and a value that begins with a
 * capital.
 */
function isPlainWord(answer: string, { start, end, column, rows, figure }: ValueMention, table: IndexedTable): boolean {
  const text = answer.slice(start, end)
  if (figure !== undefined || !/^\p{Ll}+$/u.test(text) || !/^\p{Lu}/u.test(column.textOf(rows[0] ?? 0))) return false
  return columnMentions(tokensOf(text), table, () => false).some(({ columns }) =>
    columns.some(({ kind }) => kind === 'number'),
  )
}

const openings = setOf(
  'the a an in on at of to for and or by with from as this that it no yes not none total all other first second third last one two three each both only more most less least over under same average mean sum per',
)

/** Does a sentence begin as any may, or with a name: "East has …"? */
function isOpening({ tokens: [first] }: Sentence): boolean {
  return first === undefined || openings.has(first.text)
}

/** Is a word that is said anyway a value here: with a capital inside a sentence, or beside the name of its column? */
function isClear(
  answer: string,
  sentence: Sentence,
  { start, end, column, isPart, isFlag }: ValueMention,
  columns: readonly ColumnMention[],
): boolean {
  if (isPart === true || isFlag === true) return false
  // "the A loans": a capital by itself that begins no sentence.
  if (end - start === 1) return /^[A-HJ-Z]$/.test(answer.slice(start, end)) && sentence.tokens[0]?.start !== start
  if (/^\p{Lu}/u.test(answer.slice(start, end)) && (sentence.tokens[0]?.start !== start || !isOpening(sentence)))
    return true
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
