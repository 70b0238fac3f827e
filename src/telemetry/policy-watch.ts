import type { PolicyNotice, ProvenanceNotice, ShadowNotice } from '../core/facts.ts'
import { decisionFact, provenanceFact, shadowFact } from './audit/decision-fact.ts'
import type { ServiceTrail } from './audit/service-trail.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

interface PolicyWatchParts {
  readonly log: Log
  readonly metrics: Metrics
  /** null where none is kept. */
  readonly audit: Pick<ServiceTrail, 'note'> | null
  readonly audited: 'all' | 'refused'
}

/** What is told of policy: decisions, rules that change, and rules that are only tried. */
export class PolicyWatch {
  readonly #parts: () => PolicyWatchParts
  #isStale = false
  #isShadowUnusable = false
  #isShadowFaulty = false

  /** `parts` gives what there is at the moment: a service begins to keep more than a command does. */
  constructor(parts: () => PolicyWatchParts) {
    this.#parts = parts
  }

  /** What is worse than it should be while requests go on, for people. */
  faults(): readonly string[] {
    const shadow = this.#isShadowUnusable ? 'cannot be used' : this.#isShadowFaulty ? 'gave no decision' : null
    return [
      ...(this.#isStale ? ['the new rules of policy cannot be used, and the last good ones are in force'] : []),
      ...(shadow === null ? [] : [`the shadow rules of policy ${shadow}; nothing is decided by them`]),
    ]
  }

  /** Each decision, with the rules that made it, and the fault of one that could not be made. */
  onDecision(notice: PolicyNotice): void {
    const { log, metrics, audit, audited } = this.#parts()
    const { fault, milliseconds, ...told } = notice
    metrics.decision(notice)
    const decided = { ...told, durationMs: milliseconds }
    if (fault !== null) log.error({ ...decided, fault: fault.what, error: fault.cause }, 'no policy decision')
    else log[told.allowed ? 'debug' : 'info'](decided, 'policy decision')
    if (!told.allowed || audited === 'all') audit?.note(decisionFact(notice))
  }

  /** Each decision by where the arguments of a call may come from; what simply runs is no more than a count. */
  onProvenance(notice: ProvenanceNotice): void {
    const { log, metrics, audit } = this.#parts()
    const { milliseconds, ...told } = notice
    metrics.count('provenance', notice.outcome)
    if (notice.outcome === 'allowed') return
    log.info({ ...told, durationMs: milliseconds }, 'provenance decision')
    audit?.note(provenanceFact(notice))
  }

  /** The file of the rules has changed: they are in force, or the last good ones stay. */
  onChange(fault: unknown): void {
    const { log, metrics } = this.#parts()
    this.#isStale = fault !== null
    metrics.count('policy', fault === null ? 'reloaded' : 'kept')
    if (fault === null) log.info('the rules of policy were loaded anew')
    else log.error({ error: fault }, 'the new rules of policy cannot be used; the last good ones stay in force')
  }

  /** The shadow rules were opened, or cannot be. */
  onShadow(fault: unknown): void {
    const { log, metrics } = this.#parts()
    if (fault !== null && !this.#isShadowUnusable)
      log.error({ error: fault }, 'the shadow rules of policy cannot be used')
    if (fault === null) log.info('the shadow rules of policy are asked beside those in force')
    metrics.count('policy-shadow', fault === null ? 'opened' : 'unusable')
    this.#isShadowUnusable = fault !== null
  }

  /** What shadow rules would have decided: only what differs is more than a count. */
  onCompared(notice: ShadowNotice): void {
    const { log, metrics, audit } = this.#parts()
    const { result, fault, inForce, shadow, ...told } = notice
    metrics.count('policy-shadow', result)
    if (result === 'skipped') return
    this.#isShadowFaulty = result === 'fault'
    // Why a bundle cannot be used was said once: it is the same for every question.
    if (result === 'same' || (result === 'fault' && this.#isShadowUnusable)) return
    const both = { ...told, inForce, shadow }
    if (fault === null) log.info(both, 'the shadow rules of policy decide otherwise')
    else log.warn({ ...both, fault: fault.what, error: fault.cause }, 'the shadow rules of policy give no decision')
    audit?.note(shadowFact(notice))
  }
}
