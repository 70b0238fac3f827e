import { fits } from '../figures/figure.ts'
import type { Asked } from './asked.ts'
import { everyRow, meet, narrowed, type Filter } from './filters.ts'
import { sayFilter, sayRows, short, type Trial } from './trial.ts'
import type { ValueMention } from '../words/value-mentions.ts'

/** "74 % of women survived", "a survival rate of 59 %": of the rows that the other words name, those that one of them names as well. */
export function* readRates(asked: Asked): Generator<Trial> {
  const { figure, view, operations } = asked
  if (figure.kind !== 'percent' || figure.unit === 'points' || !view.table.whole) return
  if (operations.has('change') && figure.signed) return
  for (const filter of asked.filters) {
    if (filter.rows === null) continue
    for (const part of partsOf(asked, filter)) yield* rate(asked, filter, part)
  }
}

/** What may be the part: conditions first; never what stands behind "% of", which says of what it is one. */
function partsOf({ figure, after }: Asked, { mentions }: Filter): readonly ValueMention[] {
  const [phrase = ''] = /^\s*of\b[^,;().]*/i.exec(after) ?? []
  const inner = mentions.filter(({ start, end }) => start >= figure.end && end <= figure.end + phrase.length)
  const [first] = inner
  const free = mentions.filter((mention) => mention !== first && mention.figure === undefined)
  const flags = free.filter(({ isFlag }) => isFlag === true)
  return flags.length > 0 ? flags : free.filter((mention) => !inner.includes(mention))
}

function* rate(asked: Asked, filter: Filter, part: ValueMention): Generator<Trial> {
  const { figure, view } = asked
  const rest = filter.mentions.filter((mention) => mention !== part)
  const base = rest.reduce(narrowed, everyRow)
  const whole: Filter =
    filter.boundRows === undefined ? base : { ...meet(base, filter.boundRows), bounds: filter.bounds ?? [] }
  const below = whole.rows?.length ?? view.table.rowCount
  if (below === 0) return
  const rows = filter.rows ?? []
  const value = (100 * rows.length) / below
  const said = part.isFlag === true ? short(part.column.name) : sayFilter({ rows: part.rows, mentions: [part] })
  yield {
    verdict: 'computed',
    value,
    fits: fits(figure, value),
    firm: false,
    table: view.table,
    column: null,
    rows,
    how: `${rows.length} of ${sayRows(whole, view.table)}: those of ${said}`,
    chance: () => Math.min(1, ((figure.high - figure.low) / 100) * 2),
    ...(filter.bounds === undefined ? {} : { bound: filter.bounds[0] }),
  }
}
