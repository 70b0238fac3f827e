import type { Finding } from '../../core/verdict.ts'
import { labelOf } from '../../filters/mask.ts'
import type { FilterDecision } from '../../filters/profile.ts'

/** Where the first value of a category stood: in a text its line and column, in a table its row and column. */
interface Place {
  readonly line: number
  readonly column: number
}

/** Counts what was replaced, so that nothing is replaced without a word. Holds places and categories, never a value. */
export class Notices {
  #counts = new Map<string, { count: number; readonly place: Place }>()
  #others: Finding[] = []

  add(decision: FilterDecision, place: () => Place): void {
    const known = this.#counts.get(decision.category)
    if (known === undefined) this.#counts.set(decision.category, { count: 1, place: place() })
    else known.count += 1
  }

  say(finding: Finding): void {
    this.#others.push(finding)
  }

  /** What was replaced since this was last asked. */
  take(): readonly Finding[] {
    const counts = [...this.#counts].map(([category, { count, place }]) => ({
      rule: `filter/${category.replaceAll('/', '-')}`,
      ...place,
      message: `${count === 1 ? '1 value was' : `${count} values were`} replaced by ${labelOf(category).trim()}.`,
    }))
    const findings = [...counts, ...this.#others]
    this.#counts = new Map()
    this.#others = []
    return findings
  }
}
