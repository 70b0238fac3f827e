import { Counter, type Registry } from 'prom-client'
import type { ContentNotice } from '../core/facts.ts'

/** Categories that are counted by name; detectors of others may invent more. */
const mostCategories = 200

/** Counts what content filters decide, and detectors that did not answer. */
export function createContentMetrics(registers: Registry[]): (notice: ContentNotice) => void {
  const decisions = new Counter({
    name: 'sallyport_content_decisions_total',
    help: 'What content filters found in calls, by direction, category, action and mode; in shadow nothing of it happened.',
    labelNames: ['direction', 'category', 'action', 'mode'] as const,
    registers,
  })
  const failures = new Counter({
    name: 'sallyport_content_detector_failures_total',
    help: 'Detectors of content that did not answer, by why and what that meant.',
    labelNames: ['detector', 'why', 'meaning'] as const,
    registers,
  })
  const known = new Set<string>()
  const named = (category: string): string => {
    if (known.size < mostCategories) known.add(category)
    return known.has(category) ? category : 'other'
  }
  return ({ direction, action: happened, rules, findings, failures: failed }) => {
    const counted = new Set<string>()
    for (const { category, decided, effective, count } of findings) {
      const isShadow = effective === 'allow'
      // A second answer of the kind is blocked, and so is one of which something has left.
      const done = effective === 'regenerate' && happened === 'block' ? 'block' : effective
      const [action, mode] = isShadow ? [decided, 'shadow'] : [done, 'enforce']
      if (!isShadow) counted.add(action)
      decisions.inc({ direction, category: named(category), action, mode }, count)
    }
    // Rules decide by more than what was found.
    if (rules.length > 0 && happened !== 'allow' && !counted.has(happened)) {
      decisions.inc({ direction, category: 'rule', action: happened, mode: 'enforce' })
    }
    for (const { detector, why, onFailure } of failed) failures.inc({ detector, why, meaning: onFailure })
  }
}
