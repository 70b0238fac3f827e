import type { QuotaFact } from './quota-process.ts'

/** Facts that cannot be true, in whatever order the store carried them out. */
interface WrongFacts {
  /** Admitted, though what counted then at least left no room for it. */
  readonly overdrawn: readonly QuotaFact[]
  /** Refused, though what counted then at most left room for it. */
  readonly refusedWrongly: readonly QuotaFact[]
}

/**
 * Recomputes admissions and refusals of one limit, from when each was asked and answered and by no figure of the ledger. A
 * request counts with its bound from a moment between its asking and its answer, and with what it used from a moment
 * between the asking and the answer of its settlement; which moments is taken to the advantage of the ledger.
 */
export function wrongFactsOf(facts: readonly QuotaFact[], most: number): WrongFacts {
  const settled = new Map(facts.flatMap((fact) => (fact.fact === 'settled' ? [[fact.id, fact] as const] : [])))
  const held = facts.flatMap((fact) => {
    if (fact.fact !== 'held') return []
    const end = settled.get(fact.id)
    return [{ ...fact, used: end?.used ?? fact.bound, settles: end?.from ?? Infinity, isSettled: end?.at ?? Infinity }]
  })
  const overdrawn = held.filter(({ id, from, at, bound }) => {
    const least = held.reduce((sum, other) => {
      if (other.id === id || other.at > from) return sum
      return sum + (other.settles >= at ? other.bound : Math.min(other.used, other.bound))
    }, 0)
    return least + bound > most
  })
  const refusedWrongly = facts.filter((fact) => {
    if (fact.fact !== 'refused') return false
    const greatest = held.reduce((sum, other) => {
      if (other.from > fact.at) return sum
      return sum + (other.isSettled >= fact.from ? Math.max(other.used, other.bound) : other.used)
    }, 0)
    return greatest + fact.asked <= most
  })
  return { overdrawn, refusedWrongly }
}
