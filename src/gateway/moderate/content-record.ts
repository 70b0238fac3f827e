import { randomUUID } from 'node:crypto'
import type { ContentNotice } from '../../core/facts.ts'
import type { AuthorizedCall } from '../../core/model-call.ts'
import type { Direction, FilterPart } from '../../filters/filter.ts'
import type { CallConversation, CallThresholds } from '../../filters/pipeline/call-thresholds.ts'
import type { VotedScore } from '../../filters/pipeline/votes.ts'
import { moreFinal, type FilterAction } from '../../filters/profile.ts'
import { countedSubject } from '../abuse/subjects.ts'
import type { ContentDecision } from '../authorize/content-rules.ts'
import { SeenTexts } from './seen-texts.ts'

interface RecordedCall {
  readonly call: Pick<AuthorizedCall, 'requestId' | 'principal'> & { readonly api: string }
  readonly direction: Direction
  readonly thresholds: CallThresholds
  /** Null for a call that belongs to none. */
  readonly conversation?: CallConversation | null
  /** Of the decision; a new one where it is absent. */
  readonly id?: string
  /** Where its caller may object; absent where nowhere. */
  readonly appeals?: string | undefined
}

type Counted = ContentNotice['findings'][number]

/** What was decided about the texts of one call in one direction: never a text of it, or where in one something stands. */
export class ContentRecord {
  readonly id: string
  /** Where its caller may object; null for nowhere. */
  readonly appeal: string | null
  readonly #of: RecordedCall
  readonly #findings = new Map<string, { counted: Omit<Counted, 'count'>; count: number }>()
  readonly #failures = new Map<string, ContentNotice['failures'][number]>()
  #detectors: Readonly<Record<string, string>> = {}
  readonly #rules = new Set<string>()
  #revision: string | null = null
  #action: FilterAction = 'allow'
  /** By rule; null once a decision came without. */
  #scores: Map<string, VotedScore> | null = new Map()
  #isComplete = false
  #isTold = false
  readonly #seen = new SeenTexts()

  constructor(of: RecordedCall) {
    this.#of = of
    this.id = of.id ?? `dec-${randomUUID()}`
    this.appeal = of.appeals ?? null
  }

  /** Of one decision about these parts; several are taken together. */
  add(decision: ContentDecision, parts: readonly FilterPart[] = []): void {
    const { action, failures, detectors, decisions, rules, revision } = decision
    if (this.#of.thresholds.keepsTexts) this.#seen.add(parts, decisions)
    this.#addScores(decision.scores)
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

  /** Nothing that belongs to it was left undecided: its scores are of all of it. */
  complete(): void {
    this.#isComplete = true
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

  /** Tells what has to be told, and hands the decision on, once. Resolves when it is on the audit trail. */
  async tell(tell: (notice: ContentNotice) => Promise<void>): Promise<void> {
    if (this.#isTold) return
    this.#isTold = true
    const notice = this.notice()
    if (notice !== null) await tell(notice)
    const { call, direction, thresholds, conversation = null } = this.#of
    const { principal, api } = call
    thresholds.decided({
      id: this.id,
      principal: countedSubject(principal),
      group: principal.group,
      conversation,
      direction,
      api,
      action: this.#action,
      scores: this.#scoresInAll(),
      texts: this.#seen.texts(),
    })
  }

  /** Of several texts the highest score of a rule is what it was decided by. */
  #addScores(scores: ContentDecision['scores']): void {
    if (scores === undefined || this.#scores === null) {
      this.#scores = null
      return
    }
    for (const scored of scores) {
      const before = this.#scores.get(scored.rule)
      const higher = before !== undefined && before.score >= scored.score ? before : scored
      const isBound = scored.isBound || before?.isBound === true
      const effective = moreFinal(scored.effective, before?.effective ?? 'allow')
      this.#scores.set(
        scored.rule,
        higher === scored && !isBound && effective === scored.effective ? scored : { ...higher, isBound, effective },
      )
    }
  }

  #scoresInAll(): readonly VotedScore[] | null {
    if (this.#scores === null) return null
    const scores = [...this.#scores.values()]
    return this.#isComplete ? scores : scores.map((scored) => Object.assign({}, scored, { isBound: true }))
  }

  /** What has to be told; null where nothing was found and nothing failed. */
  notice(): ContentNotice | null {
    const isSilent = this.#findings.size + this.#failures.size + this.#rules.size === 0
    if (isSilent && this.#action === 'allow') return null
    const { call, direction, thresholds } = this.#of
    const { profile, revision: tuned } = thresholds
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
      ...(tuned === 0 ? {} : { tuning: { revision: tuned, canary: thresholds.canaryOf(direction) } }),
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
