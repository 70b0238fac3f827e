import { fits } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { Asked } from './asked.ts'
import { suits } from './suits.ts'
import { chanceOfCell, chanceOfRows } from './coincidence.ts'
import { pick, sumOf } from './compute.ts'
import { everyRow, narrowed, type Filter } from './filters.ts'
import { shareOfRows } from './share-of-rows.ts'
import { sayFilter, sayRows, short, type Trial } from './trial.ts'
import type { Threshold } from './thresholds.ts'

/** Parts of a whole in percent: of the sum of a column, or of the number of rows. */
export function* readShares(asked: Asked, thresholds: readonly Threshold[]): Generator<Trial> {
  const { figure, view, operations } = asked
  if (figure.kind !== 'percent' || figure.unit === 'points' || !view.table.whole) return
  if (operations.has('change') && !operations.has('share')) return
  const whole = denominatorOf(asked)
  const columns = columnsOf(asked)
  const parts = [...asked.filters, ...thresholds.filter((bound) => bound.figure !== figure).map(({ filter }) => filter)]
  for (const part of parts) {
    if (part.rows === null) continue
    for (const column of columns) yield* ofSum(asked, part, whole, column)
  }
  if (asked.named === 'own' && asked.columns.some(({ kind }) => kind === 'number') && thresholds.length === 0) return
  for (const part of parts) {
    const bound = thresholds.find(({ filter }) => filter === part)?.figure
    const trial = part.rows === null ? null : ofCount(asked, part, whole)
    if (trial !== null) yield bound === undefined ? trial : { ...trial, bound }
  }
}

function columnsOf(asked: Asked): readonly Column[] {
  const said = asked.columns.filter((column) => column.kind === 'number')
  if (said.length > 0) return said
  const free = asked.view.table.columns.filter(
    (column) => column.kind === 'number' && !column.isYears && suits(column, asked.figure),
  )
  return free.length <= 2 ? free : []
}

/** "34 % of paid orders": values behind "of", up to the verb, say of what. */
function denominatorOf(asked: Asked): Filter {
  const [phrase = ''] =
    /^\s*(?:share |part |fraction )?of\b[^,;()]*?(?=\b(?:is|are|was|were|has|have|had|came|come|comes|went|goes|belong\w*|in which|that)\b|[,;().]|$)/i.exec(
      asked.after,
    ) ?? []
  const end = asked.figure.end + phrase.length
  const named = asked.view.values.filter(
    ({ start, end: last, strong }) => strong && start >= asked.figure.end && last <= end,
  )
  const outer = asked.view.values.filter(({ strong, start }) => strong && (start < asked.figure.start || start > end))
  // Where the only values stand behind "of", they are the part: "34 % of Books".
  if (outer.length === 0) return everyRow
  return named.reduce(narrowed, everyRow)
}

/** The part of the sum of a column that some rows have, in percent. */
export function* ofSum(asked: Asked, part: Filter, whole: Filter, column: Column): Generator<Trial> {
  const { figure, view } = asked
  if (part.mentions.some((mention) => mention.column === column) || column.unit === '%') return
  const below = whole.rows === null ? column.sum : pick(column, whole.rows, view.table.rowCount).compute(sumOf)
  const picked = pick(column, part.rows, view.table.rowCount)
  const { rows, numbers } = picked
  if (below === 0 || numbers.length === 0 || (column.sorted[0] ?? 0) < 0) return
  const value = (100 * picked.compute(sumOf)) / below
  yield {
    verdict: 'computed',
    value,
    fits: fits(figure, value),
    firm: asked.named === 'own' && asked.operations.has('share'),
    table: view.table,
    column,
    rows,
    mentions: [...part.mentions, ...whole.mentions],
    how: `share of ${sayFilter(part) || `${numbers.length} rows`} in the sum of ${short(column.name)} over ${sayRows(whole, view.table)}`,
    chance: () =>
      numbers.length === 1
        ? chanceOfCell(figure, column, 100 / below)
        : chanceOfRows(figure, column, { size: numbers.length, of: sumOf, as: (drawn) => (100 * drawn) / below }),
  }
}

function ofCount(asked: Asked, part: Filter, whole: Filter): Trial | null {
  const set = whole.rows === null ? null : new Set(whole.rows)
  const rows = set === null ? (part.rows ?? []) : (part.rows ?? []).filter((row) => set.has(row))
  const trial = shareOfRows(asked, { rows, whole, said: sayFilter(part) })
  return trial === null ? null : { ...trial, mentions: [...part.mentions, ...whole.mentions] }
}
