import { fits, type Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { Asked } from './asked.ts'
import { suits } from './suits.ts'
import { chanceOfCell } from './coincidence.ts'
import { extreme, pick } from './compute.ts'
import { everyRow } from './filters.ts'
import { factorsOf, sayRows, short, unitConflict, type Trial } from './trial.ts'

const opening =
  /(?:\b(?:rang(?:e|es|ed|ing)|var(?:y|ies|ied|ying)|spann?(?:s|ed|ing)?|anywhere|everything|from|between|reich\w*|zwischen|von)\b|\bin the range)(?:\s+(?:of|from|between|von|zwischen))?\s*[$€£~]?$/i
const middle = /^(?:\s*\([^()]{1,40}\))?\s*(?:to|and|up to|through|bis|und|[-–—])\s*[$€£~]?$/i

/** "range from 3 to 7", "between 3 and 7": the lowest and the highest of the rows; of "all … between" what no row lies beyond. */
export function* readRanges(asked: Asked): Generator<Trial> {
  const { view } = asked
  const sign = endOf(asked)
  if (sign === null) return
  const isEach = /\b(?:all|every|each|always)\b/i.test(view.text)
  for (const filter of [...asked.filters, everyRow]) {
    if (filter.rows === null ? !view.table.whole : filter.rows.length < 2) continue
    for (const column of columnsOf(asked)) {
      const { rows, numbers } = pick(column, filter.rows, view.table.rowCount)
      if (filter.mentions.some((mention) => mention.column === column) || numbers.length < 2) continue
      const conflict = unitConflict(column, asked.figure)
      for (const factor of factorsOf(column, asked.figure)) {
        const value = extreme(numbers, sign) * factor
        yield {
          verdict: 'computed',
          value,
          fits: (fits(asked.figure, value) || (isEach && isBeyond(asked.figure, value, sign))) && conflict === null,
          firm: false,
          table: view.table,
          column,
          rows: filter.rows === null ? null : rows,
          how: `${sign === 1 ? 'highest' : 'lowest'} ${short(column.name)} over ${sayRows(filter, view.table)}`,
          chance: () => chanceOfCell(asked.figure, column, factor),
        }
      }
    }
  }
}

const changed = /\b(?:rose|fell|grew|dropped|increased|decreased|climbed|declined|shrank|improved|went (?:up|down))\b/i

/** Which end of a range a figure is: 1 for the upper one; null where it is none. */
function endOf({ figure, view }: Asked): 1 | -1 | null {
  // What "rose from 3 to 7" was 3 at one time and 7 at another.
  if (changed.test(view.text)) return null
  const at = view.figures.indexOf(figure)
  const [previous, next] = [view.figures[at - 1], view.figures[at + 1]]
  const between = (left: Figure, right: Figure): string =>
    view.text.slice(left.end - view.sentence.start, right.start - view.sentence.start)
  const lead = (of: Figure): string => view.text.slice(0, of.start - view.sentence.start)
  if (next !== undefined && middle.test(between(figure, next)) && opening.test(lead(figure))) return -1
  if (previous !== undefined && middle.test(between(previous, figure)) && opening.test(lead(previous))) return 1
  return null
}

/** "All lie between 3 and 7": a bound that is near what is the last of them, too. */
function isBeyond({ low, high }: Figure, value: number, sign: 1 | -1): boolean {
  const bound = (low + high) / 2
  return (bound - value) * sign >= 0 && Math.abs(bound - value) <= Math.abs(value) * 0.1
}

function columnsOf(asked: Asked): readonly Column[] {
  const said = asked.columns.filter((column) => column.kind === 'number' && suits(column, asked.figure))
  if (said.length > 0) return said
  const later = asked.view.columns.flatMap(({ columns }) => columns)
  const named = later.filter((column) => column.kind === 'number' && suits(column, asked.figure))
  if (named.length > 0) return [...new Set(named)].slice(0, 3)
  const free = asked.view.table.columns.filter(
    (column) => column.kind === 'number' && !column.isYears && suits(column, asked.figure),
  )
  return free.length <= 2 ? free : []
}
