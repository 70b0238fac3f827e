import { fits } from '../figures/figure.ts'
import type { Asked } from './asked.ts'
import type { Filter } from './filters.ts'
import { sayRows, type Trial } from './trial.ts'

/** How many rows of `whole` these are, in percent; null where the whole has no row. `said` names them, and may be empty. */
export function shareOfRows(
  { figure, view }: Asked,
  { rows, whole, said }: { readonly rows: readonly number[]; readonly whole: Filter; readonly said: string },
): Trial | null {
  const below = whole.rows?.length ?? view.table.rowCount
  if (below === 0) return null
  const value = (100 * rows.length) / below
  return {
    verdict: 'computed',
    value,
    fits: fits(figure, value),
    firm: false,
    table: view.table,
    column: null,
    rows,
    how: `${rows.length} of ${sayRows(whole, view.table)}${said === '' ? '' : `: those of ${said}`}`,
    chance: () => Math.min(1, ((figure.high - figure.low) / 100) * 2),
  }
}
