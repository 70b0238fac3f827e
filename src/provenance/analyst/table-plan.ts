import type { PlannedTables } from '../../core/provenance.ts'

/** So many tables are kept; of more than these a person is asked again. */
const mostKept = 500

/**
 * Tables that runs may read whatever they have read by then: chosen before anybody else had a say, or allowed by a person. Of
 * each data source its own: `public.orders` of another one is another table.
 */
export class TablePlan {
  /** By their data source. */
  readonly #tables = new Map<string, Set<string>>()

  /** Those that were kept. */
  take(planned: readonly PlannedTables[]): this {
    for (const { source, tables } of planned) this.add(source, tables)
    return this
  }

  add(source: string, tables: readonly string[]): void {
    if (tables.length === 0) return
    const known = this.#tables.get(source) ?? new Set()
    for (const table of tables) known.add(table)
    this.#tables.set(source, known)
  }

  of(source: string): ReadonlySet<string> {
    return this.#tables.get(source) ?? nothing
  }

  /** As they are kept: those that came first, where there are too many. */
  get kept(): readonly PlannedTables[] {
    let left = mostKept
    return [...this.#tables].flatMap(([source, all]) => {
      const tables = [...all].slice(0, left)
      left -= tables.length
      return tables.length === 0 ? [] : [{ source, tables }]
    })
  }
}

const nothing: ReadonlySet<string> = new Set()
