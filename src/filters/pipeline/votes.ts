import { decided, failureOf, ruleFor, ruleNameFor, type FilterDecision, type ProfileRule } from '../profile.ts'
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

interface Vote {
  readonly finding: FilterFinding
  readonly rawScore: number | null
  readonly detector: string
}

/** What detectors said of one part by one rule. */
interface Ballot {
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
  #isBlockCertain = false

  constructor(options: VotesOptions) {
    this.#options = options
  }

  /** Will the parts be blocked, whatever is still said? */
  get isBlockCertain(): boolean {
    return this.#isBlockCertain
  }

  /** Has no effect once a block is certain. */
  add({ name }: AskedDetector, finding: FilterFinding): void {
    if (this.#isBlockCertain) return
    const { profile, context, calibrations } = this.#options
    const rule = ruleFor(profile, context.direction, finding.category)
    const written = ruleNameFor(profile, context.direction, finding.category)
    // What a profile does not look for is no opinion of it.
    if ((rule.action === 'allow' && written === null) || !counts(rule, name)) return
    const key = `${finding.part} ${written ?? finding.category}`
    const ballot = this.#ballots.get(key) ?? { rule, scores: new Map<string, number>(), votes: [] }
    this.#ballots.set(key, ballot)
    const table = calibrationFor(calibrations, name, finding.category)
    const score = table === null ? finding.score : calibrate(finding.score, table)
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
    let [sum, weights] = [0, 0]
    for (const [name, weight] of Object.entries(rule.detectors ?? {})) {
      if (this.#failed.has(name)) continue
      weights += weight
      sum += weight * (scores.get(name) ?? 0)
    }
    return sum > 0 && sum / weights >= rule.threshold
  }
}

const blocks = ({ action, mode }: ProfileRule): boolean => action === 'block' && mode === 'enforce'

const isTogether = ({ combine = 'any' }: ProfileRule): boolean => combine !== 'any'

/** Does it block where a detector of a rule does not answer? Without a rule that is written, as the detector has it. */
function isClosedFor({ rule, isWritten }: AskedRule, { filter }: AskedDetector): boolean {
  if (rule.mode === 'shadow' || rule.action === 'allow') return false
  return (isWritten ? failureOf(rule) : filter.onFailure) === 'closed'
}
