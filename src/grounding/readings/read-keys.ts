import type { Figure } from '../figures/figure.ts'
import { isMeant } from './read-dates.ts'
import type { Judgement } from './judge.ts'
import { claimsOf } from './asked.ts'
import { everyRow, filtersOf, narrowed, type Alignment } from './filters.ts'
import { sayFilter, short, type Trial } from './trial.ts'
import { spokenForm } from '../words/tokens.ts'
import type { View } from './view.ts'

/** A figure that names rows, as a year does: right where some row has it beside what else the words name. */
export function judgeKey(view: View, figure: Figure, alignment: Alignment): Judgement | null {
  const keys = view.values.filter((value) => value.figure === figure)
  if (keys.length === 0) return null
  // Besides other figures, a year says for which row they are: several of them compete.
  const others = filtersOf(
    {
      ...view,
      values: view.values.filter(
        (value) => value.figure === undefined && !keys.some(({ column }) => column === value.column),
      ),
    },
    figure,
    alignment,
  )
  const base = others.length === 0 ? [everyRow] : others
  for (const filter of base) {
    for (const key of keys) {
      const rows = narrowed(filter, key).rows ?? []
      if (rows.length > 0)
        return {
          figure,
          found: trialOf(view, key.column, rows, sayFilter(filter)),
          against: null,
          chance: filter.rows === null ? null : chanceOf(figure, key.column),
        }
    }
  }
  const [filter] = base
  const [key] = keys
  const row = filter?.rows?.[0]
  const alone =
    filter?.rows?.length === 1 && filter.mentions.some(({ strong }) => strong) && claimsOf(view).length === 0
  if (key === undefined || row === undefined || !alone || isElsewhere(view, row, figure))
    return { figure, found: null, against: null, chance: 0 }
  return {
    figure,
    found: null,
    against: { ...trialOf(view, key.column, [row], sayFilter(filter ?? everyRow)), said: key.column.textOf(row) },
    chance: 0,
  }
}

/** Does another cell of the row say the same, so that it may be meant? */
function isElsewhere({ table }: View, row: number, figure: Figure): boolean {
  const said = spokenForm(figure.text)
  return table.columns.some((column) => ` ${spokenForm(column.textOf(row))} `.includes(` ${said} `))
}

function trialOf(view: View, column: Trial['column'] & {}, rows: readonly number[], said: string): Trial {
  return {
    verdict: 'cell',
    value: column.numbers[rows[0] ?? 0] ?? Number.NaN,
    fits: true,
    firm: true,
    table: view.table,
    column,
    rows,
    how: `${short(column.name)}${said === '' ? '' : ` of ${said}`} in ${short(view.table.title)}`,
    chance: () => 0,
  }
}

function chanceOf(figure: Figure, column: Trial['column'] & {}): number {
  if (figure.kind !== 'date' || column.kind === 'text') return column.sorted.length === 0 ? 0 : 1 / column.sorted.length
  let hits = 0
  for (const value of column.sorted) if (isMeant(figure, column, value, value)) hits += 1
  return hits / Math.max(1, column.sorted.length)
}
