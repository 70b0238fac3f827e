import type { Asked } from './asked.ts'
import { everyRow, meet, narrowed, type Filter } from './filters.ts'
import { shareOfRows } from './share-of-rows.ts'
import { sayFilter, short, type Trial } from './trial.ts'
import type { ValueMention } from '../words/value-mentions.ts'

/** "74 % of women survived", "a survival rate of 59 %": of the rows that the other words name, those that one of them names as well. */
export function* readRates(asked: Asked): Generator<Trial> {
  const { figure, view, operations } = asked
  if (figure.kind !== 'percent' || figure.unit === 'points' || !view.table.whole) return
  if (operations.has('change') && figure.signed) return
  for (const filter of asked.filters) {
    if (filter.rows === null) continue
    for (const part of partsOf(asked, filter)) {
      const trial = rate(asked, filter, part)
      if (trial !== null) yield trial
    }
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

function rate(asked: Asked, filter: Filter, part: ValueMention): Trial | null {
  const rest = filter.mentions.filter((mention) => mention !== part)
  const base = rest.reduce(narrowed, everyRow)
  const whole: Filter =
    filter.boundRows === undefined ? base : { ...meet(base, filter.boundRows), bounds: filter.bounds ?? [] }
  const said = part.isFlag === true ? short(part.column.name) : sayFilter({ rows: part.rows, mentions: [part] })
  const trial = shareOfRows(asked, { rows: filter.rows ?? [], whole, said })
  return trial === null || filter.bounds === undefined ? trial : { ...trial, bound: filter.bounds[0] }
}
