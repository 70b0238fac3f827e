import { randomUUID } from 'node:crypto'
import type { ContentNotice } from '../../core/facts.ts'
import type { AuthorizedCall } from '../../core/model-call.ts'
import type { Direction } from '../../filters/filter.ts'
import type { NamedProfile } from '../../filters/pipeline/named-profiles.ts'
import { moreFinal, type FilterAction } from '../../filters/profile.ts'
import type { ContentDecision } from '../authorize/content-rules.ts'

interface RecordedCall {
  readonly call: Pick<AuthorizedCall, 'requestId' | 'principal'> & { readonly api: string }
  readonly direction: Direction
  readonly profile: NamedProfile
}

type Counted = ContentNotice['findings'][number]

/** What was decided about the texts of one call in one direction: never a text of it, or where in one something stands. */
export class ContentRecord {
  readonly id = `dec-${randomUUID()}`
  readonly #of: RecordedCall
  readonly #findings = new Map<string, { counted: Omit<Counted, 'count'>; count: number }>()
  readonly #failures = new Map<string, ContentNotice['failures'][number]>()
  #detectors: Readonly<Record<string, string>> = {}
  readonly #rules = new Set<string>()
  #revision: string | null = null
  #action: FilterAction = 'allow'

  constructor(of: RecordedCall) {
    this.#of = of
  }

  /** Of one decision; several are taken together. */
  add({ action, failures, detectors, decisions, rules, revision }: ContentDecision): void {
    this.#detectors = { ...this.#detectors, ...detectors }
    this.#action = moreFinal(this.#action, action)
    this.#revision = revision ?? this.#revision
    for (const rule of rules) this.#rules.add(rule)
    for (const { category, score, detector, decided, effective } of decisions) {
      if (decided === 'allow' && effective === 'allow') continue
      const key = `${category} ${detector} ${decided} ${effective}`
      const before = this.#findings.get(key)
      const counted = { category, detector, decided, effective, score: Math.max(score, before?.counted.score ?? 0) }
      this.#findings.set(key, { counted, count: (before?.count ?? 0) + 1 })
    }
    for (const { detector, categories, onFailure, why } of failures) {
      this.#failures.set(detector, { detector, categories: [...categories], onFailure, why })
    }
  }

  /** What has come of it in the end, where that is more than was decided. */
  conclude(action: FilterAction): void {
    this.#action = moreFinal(this.#action, action)
  }

  /** Did a detector that has to answer not do so? */
  get isUnchecked(): boolean {
    return [...this.#failures.values()].some(({ onFailure }) => onFailure === 'closed')
  }

  /** Categories of what is effectively this action. */
  categoriesOf(action: FilterAction): readonly string[] {
    const categories = [...this.#findings.values()].flatMap(({ counted }) =>
      counted.effective === action ? [counted.category] : [],
    )
    return [...new Set(categories)].sort()
  }

  /** What has to be told; null where nothing was found and nothing failed. */
  notice(): ContentNotice | null {
    const isSilent = this.#findings.size + this.#failures.size + this.#rules.size === 0
    if (isSilent && this.#action === 'allow') return null
    const { call, direction, profile } = this.#of
    const { requestId, principal, api } = call
    return {
      decision: this.id,
      requestId,
      principal: principal.id,
      group: principal.group,
      api,
      direction,
      action: this.#action,
      profile: { name: profile.name, version: profile.version },
      rules: [...this.#rules].sort(),
      revision: this.#revision,
      detectors: { ...this.#detectors },
      findings: Array.from(
        this.#findings.values(),
        ({ counted: { category, detector, decided, effective, score }, count }) => ({
          category,
          detector,
          decided,
          effective,
          score,
          count,
        }),
      ),
      failures: [...this.#failures.values()],
    }
  }
}
