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
      line: place.line,
      column: place.column,
      message: messageOf(category, count),
    }))
    const findings = [...counts, ...this.#others]
    this.#counts = new Map()
    this.#others = []
    return findings
  }
}

function messageOf(category: string, count: number): string {
  if (category === 'link/address' || category === 'link/mail') {
    const what = count === 1 ? '1 address is' : `${count} addresses are`
    return `${what} shown as text: neither the question nor the operator names ${count === 1 ? 'it' : 'them'}.`
  }
  if (category.startsWith('link/')) {
    return count === 1 ? '1 foreign link or picture was disarmed.' : `${count} foreign links or pictures were disarmed.`
  }
  return `${count === 1 ? '1 value was' : `${count} values were`} replaced by ${labelOf(category)}.`
}
