import {
  decided,
  failureOf,
  ruleFor,
  ruleNameFor,
  type FilterAction,
  type FilterDecision,
  type ProfileRule,
} from '../profile.ts'
import type { DetectorFailure } from '../detector-fault.ts'
import type { FilterContext, FilterFinding } from '../filter.ts'
import { calibrate, calibrationFor, type Calibrations } from './calibration.ts'
import { counts, type AskedDetector, type AskedRule } from './detectors.ts'
import type { NamedProfile } from './named-profiles.ts'

/** A detector that did not answer. `categories`: what was not looked for, as rules name it. */
export interface ContentFailure {
  readonly detector: string
  readonly categories: readonly string[]
  /** `closed`: for one of them at least that blocks. */
  readonly onFailure: 'closed' | 'open'
  readonly why: DetectorFailure
}

/**
 * What one rule was decided by: what its threshold was compared with, of all parts the highest. Only of rules that a profile
 * has written.
 */
export interface VotedScore {
  /** The category that the rule is written for. */
  readonly rule: string
  /** 0 to 1, calibrated; 0 where nothing was found. */
  readonly score: number
  readonly threshold: number
  /** What happened by this rule alone. */
  readonly effective: FilterAction
  /** `name@version` of the detectors that count for it, sorted. */
  readonly detectors: readonly string[]
  /** Was one of them left out, or did one not answer? With it the score may be higher. */
  readonly isBound: boolean
}

interface Vote {
  readonly finding: FilterFinding
  readonly rawScore: number | null
  readonly detector: string
}

/** What detectors said of one part by one rule. */
interface Ballot {
  /** The category that the rule is written for; that of the finding where none is. */
  readonly name: string
  readonly rule: ProfileRule
  /** Of each detector the highest score. */
  readonly scores: Map<string, number>
  readonly votes: Vote[]
}

export interface VotesOptions {
  readonly asked: readonly AskedDetector[]
  readonly profile: NamedProfile
  readonly context: FilterContext
  readonly calibrations: Calibrations
}

/** Takes together what detectors say of some parts, as the rules of a profile want it, in whatever order it comes. */
export class Votes {
  readonly #options: VotesOptions
  readonly #ballots = new Map<string, Ballot>()
  readonly #failed = new Map<string, DetectorFailure>()
  /** What was said of a part and rule after a block was certain, of each detector the highest: only scores go by it. */
  readonly #late = new Map<string, Map<string, number>>()
  readonly #complete = new Set<string>()
  #isBlockCertain = false

  constructor(options: VotesOptions) {
    this.#options = options
  }

  /** Will the parts be blocked, whatever is still said? */
  get isBlockCertain(): boolean {
    return this.#isBlockCertain
  }

  /** Once a block is certain it counts for scores alone. */
  add({ name }: AskedDetector, finding: FilterFinding): void {
    const { profile, context, calibrations } = this.#options
    const rule = ruleFor(profile, context.direction, finding.category)
    const written = ruleNameFor(profile, context.direction, finding.category)
    // What a profile does not look for is no opinion of it.
    if ((rule.action === 'allow' && written === null) || !counts(rule, name)) return
    const key = `${finding.part} ${written ?? finding.category}`
    const table = calibrationFor(calibrations, name, finding.category)
    const score = table === null ? finding.score : calibrate(finding.score, table)
    if (this.#isBlockCertain) {
      this.#addLate(key, name, score)
      return
    }
    const ballot = this.#ballots.get(key) ?? {
      name: written ?? finding.category,
      rule,
      scores: new Map<string, number>(),
      votes: [],
    }
    this.#ballots.set(key, ballot)
    ballot.votes.push({
      finding: { ...finding, score },
      rawScore: table === null ? null : finding.score,
      detector: name,
    })
    if (score <= (ballot.scores.get(name) ?? -1)) return
    ballot.scores.set(name, score)
    this.#isBlockCertain ||= blocks(rule) && this.#isSure(ballot)
  }

  /** Has no effect where it has failed before, and once a block is certain. */
  fail(detector: AskedDetector, why: DetectorFailure): void {
    if (this.#isBlockCertain || this.#failed.has(detector.name)) return
    this.#failed.set(detector.name, why)
    // The next one in the order may be sure, or the mean of those that are left.
    const isSureWithout = () => [...this.#ballots.values()].some((each) => blocks(each.rule) && this.#isSure(each))
    this.#isBlockCertain =
      detector.rules.some((asked) => isClosedFor(asked, detector) && !this.#isReplaced(asked.rule)) || isSureWithout()
  }

  /** It has said all that it has to say. */
  complete({ name }: AskedDetector): void {
    this.#complete.add(name)
  }

  /** What each rule was decided by, in the order of their names. */
  scores(): readonly VotedScore[] {
    const rules = new Map<string, { readonly rule: ProfileRule; readonly asked: AskedDetector[] }>()
    for (const detector of this.#options.asked) {
      for (const { name, rule, isWritten } of detector.rules) {
        if (!isWritten) continue
        const known = rules.get(name) ?? { rule, asked: [] }
        known.asked.push(detector)
        rules.set(name, known)
      }
    }
    const scored = Array.from(rules, ([name, { rule, asked }]): VotedScore => {
      const { score, isSure } = this.#highest(name, rule)
      return {
        rule: name,
        score,
        threshold: rule.threshold,
        effective: isSure && rule.mode === 'enforce' ? rule.action : 'allow',
        detectors: asked.map((each) => `${each.name}@${each.version}`).sort(),
        isBound: asked.some((each) => !this.#complete.has(each.name)),
      }
    })
    return scored.sort((one, other) => (one.rule < other.rule ? -1 : 1))
  }

  /** In the order of the parts and places. */
  decisions(): readonly FilterDecision[] {
    const { profile, context } = this.#options
    const decisions: FilterDecision[] = []
    for (const ballot of this.#ballots.values()) {
      const { rule, votes } = ballot
      const voters = this.#votersOf(ballot)
      const isSure = this.#isSure(ballot)
      for (const { finding, rawScore, detector } of votes) {
        const isVoter = voters.includes(detector)
        const counted = rule.combine === 'weighted' ? isVoter : isVoter && finding.score >= rule.threshold
        const decision = decided(profile, rule, { finding, direction: context.direction, isSure: isSure && counted })
        const raw = rawScore === null ? {} : { rawScore }
        decisions.push({ ...decision, ...raw, ...(isTogether(rule) ? { voters } : {}) })
      }
    }
    return decisions.sort((one, other) => one.part - other.part || one.start - other.start || one.end - other.end)
  }

  failures(): readonly ContentFailure[] {
    return this.#options.asked.flatMap((detector) => {
      const { name, rules } = detector
      const why = this.#failed.get(name)
      if (why === undefined) return []
      const isClosed = rules.some((asked) => isClosedFor(asked, detector) && !this.#isReplaced(asked.rule))
      const categories = rules.map(({ name: category }) => category).sort()
      return [{ detector: name, categories, onFailure: isClosed ? 'closed' : 'open', why } as const]
    })
  }

  #addLate(key: string, detector: string, score: number): void {
    const scores = this.#late.get(key) ?? new Map<string, number>()
    this.#late.set(key, scores.set(detector, Math.max(score, scores.get(detector) ?? 0)))
  }

  /** The highest score of a rule in any part, and whether what was decided by was enough in one. */
  #highest(name: string, rule: ProfileRule): { readonly score: number; readonly isSure: boolean } {
    let [score, isSure] = [0, false]
    const seen = new Set<string>()
    for (const [key, ballot] of this.#ballots) {
      if (ballot.name !== name) continue
      seen.add(key)
      score = Math.max(score, this.#compared(rule, withLate(ballot.scores, this.#late.get(key))))
      isSure ||= this.#isSure(ballot)
    }
    for (const [key, scores] of this.#late) {
      if (!seen.has(key) && key.endsWith(` ${name}`)) score = Math.max(score, this.#compared(rule, scores))
    }
    return { score, isSure }
  }

  /** What a threshold is compared with. */
  #compared(rule: ProfileRule, scores: ReadonlyMap<string, number>): number {
    if (rule.combine === 'weighted') return this.#mean(rule, scores)
    if (rule.combine === 'first') return scores.get(this.#first(rule) ?? '') ?? 0
    const falling = [...scores.values()].sort((one, other) => other - one)
    return falling[rule.combine === 'quorum' ? (rule.quorum ?? 1) - 1 : 0] ?? 0
  }

  /** Of all weights but those of detectors that have failed. */
  #mean({ detectors = {} }: ProfileRule, scores: ReadonlyMap<string, number>): number {
    let [sum, weights] = [0, 0]
    for (const [name, weight] of Object.entries(detectors)) {
      if (this.#failed.has(name)) continue
      weights += weight
      sum += weight * (scores.get(name) ?? 0)
    }
    return sum > 0 ? sum / weights : 0
  }

  /** Is there another detector in the place of those that have failed? */
  #isReplaced(rule: ProfileRule): boolean {
    return rule.combine === 'first' && this.#first(rule) !== null
  }

  /** The first detector of a rule that has not failed. */
  #first({ detectors = {} }: ProfileRule): string | null {
    const asked = new Set(this.#options.asked.map(({ name }) => name))
    return Object.keys(detectors).find((name) => asked.has(name) && !this.#failed.has(name)) ?? null
  }

  /** Who counts for what is decided about a part. */
  #votersOf({ rule, scores }: Ballot): readonly string[] {
    const first = rule.combine === 'first' ? this.#first(rule) : null
    return [...scores].flatMap(([name, score]) => {
      const isSure = rule.combine === 'weighted' ? score > 0 : score >= rule.threshold
      return isSure && (rule.combine !== 'first' || name === first) ? [name] : []
    })
  }

  /**
   * Does the rule's action hold for a part? Whoever has not answered yet can only add to it: of a mean all weights count but
   * those of detectors that have failed.
   */
  #isSure(ballot: Ballot): boolean {
    const { rule, scores } = ballot
    if (rule.combine === 'quorum') return this.#votersOf(ballot).length >= (rule.quorum ?? 1)
    if (rule.combine !== 'weighted') return this.#votersOf(ballot).length > 0
    const mean = this.#mean(rule, scores)
    return mean > 0 && mean >= rule.threshold
  }
}

function withLate(
  scores: ReadonlyMap<string, number>,
  late: ReadonlyMap<string, number> | undefined,
): ReadonlyMap<string, number> {
  if (late === undefined) return scores
  const all = new Map(scores)
  for (const [name, score] of late) all.set(name, Math.max(score, all.get(name) ?? 0))
  return all
}

const blocks = ({ action, mode }: ProfileRule): boolean => action === 'block' && mode === 'enforce'

const isTogether = ({ combine = 'any' }: ProfileRule): boolean => combine !== 'any'

/** Does it block where a detector of a rule does not answer? Without a rule that is written, as the detector has it. */
function isClosedFor({ rule, isWritten }: AskedRule, { filter }: AskedDetector): boolean {
  if (rule.mode === 'shadow' || rule.action === 'allow') return false
  return (isWritten ? failureOf(rule) : filter.onFailure) === 'closed'
}
