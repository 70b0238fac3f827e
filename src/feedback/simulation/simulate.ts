import { strata, type ScorePage, type Stratum } from '../../core/recorded-decisions.ts'
import { actedRate } from '../estimates/acted-rate.ts'
import { ninetyFivePercent, type Estimate } from '../estimates/intervals.ts'
import { requireScored } from '../estimates/score-bins.ts'

export interface SimulateOptions {
  /** The threshold in force, and the one to try. */
  readonly from: number
  readonly to: number
  /** `name@version …` of the detectors in force: decisions of others are counted apart. */
  readonly detectors: string
}

/** What a threshold would have come to on some recorded decisions. Numbers are of the decisions that rows stand for. */
export interface SimulatedActions {
  readonly decisions: number
  /** Share in which the rule did act when they were made, by whatever threshold was in force then. */
  readonly recorded: Estimate
  /** Share in which it would have, by the threshold in force and by the one that is tried. */
  readonly before: Estimate
  readonly after: Estimate
  /** Decisions that only one of the two acts on. */
  readonly released: number
  readonly added: number
  /** Decisions of which only a lower bound of the score is known, below one of the two thresholds. */
  readonly unknown: number
}

/** A decision on which one of the two thresholds acts and the other does not. */
export interface ChangedDecision {
  readonly id: string
  readonly score: number
  readonly stratum: Stratum
  /** ISO 8601. */
  readonly made: string
}

export interface Simulation extends SimulatedActions {
  readonly from: number
  readonly to: number
  /** Rows that were replayed, and rows of other detectors, which were not. */
  readonly recordedDecisions: number
  readonly others: number
  /** By day (`2026-11-30`, UTC), the oldest first. */
  readonly days: readonly (SimulatedActions & { readonly day: string })[]
  readonly strata: readonly (SimulatedActions & { readonly stratum: Stratum })[]
  /** What would be acted on that was not, and what would not that was: the nearest to the new threshold first. */
  readonly examples: { readonly added: readonly ChangedDecision[]; readonly released: readonly ChangedDecision[] }
}

const day = 86_400_000
const mostExamples = 10

/** Sums of one group of rows, with what their variances are taken from. */
class Tally {
  decisions = 0
  variance = 0
  readonly acting = { recorded: 0, before: 0, after: 0 }
  readonly variances = { recorded: 0, before: 0, after: 0 }
  released = 0
  added = 0
  unknown = 0

  merge(other: Tally): void {
    this.decisions += other.decisions
    this.variance += other.variance
    for (const kind of ['recorded', 'before', 'after'] as const) {
      this.acting[kind] += other.acting[kind]
      this.variances[kind] += other.variances[kind]
    }
    this.released += other.released
    this.added += other.added
    this.unknown += other.unknown
  }

  actions(): SimulatedActions {
    const { decisions, variance, released, added, unknown } = this
    const rate = (of: 'recorded' | 'before' | 'after') =>
      actedRate(
        { acting: this.acting[of], decisions, variance: { all: variance, above: this.variances[of] } },
        ninetyFivePercent,
      )
    return {
      decisions,
      recorded: rate('recorded'),
      before: rate('before'),
      after: rate('after'),
      released,
      added,
      unknown,
    }
  }
}

/** Replays pages of recorded decisions, in any order, under another threshold. It keeps counts, and a few examples. */
export class Replay {
  readonly #options: SimulateOptions
  readonly #tallies = new Map<number, Record<Stratum, Tally>>()
  readonly #added = new Nearest()
  readonly #released = new Nearest()
  #recorded = 0
  #others = 0

  constructor(options: SimulateOptions) {
    this.#options = options
  }

  add(page: ScorePage): void {
    const { from, to, detectors } = this.#options
    let [date, tallies] = [Number.NaN, newTallies()]
    for (let row = 0; row < page.scores.length; row += 1) {
      if (page.detectors[row] !== detectors) {
        this.#others += 1
        continue
      }
      const made = page.made[row] ?? 0
      const on = Math.floor(made / day)
      if (on !== date) [date, tallies] = [on, this.#talliesOf(on)]
      const stratum = page.strata[row] ?? 'passed'
      const [score, weight] = [page.scores[row] ?? Number.NaN, page.weights[row] ?? Number.NaN]
      requireScored(score, weight)
      const tally = tallies[stratum]
      const variance = weight * (weight - 1)
      this.#recorded += 1
      tally.decisions += weight
      tally.variance += variance
      if (page.acted[row] === 1) {
        tally.acting.recorded += weight
        tally.variances.recorded += variance
      }
      const [before, after] = [score >= from, score >= to]
      if (before) {
        tally.acting.before += weight
        tally.variances.before += variance
      }
      if (after) {
        tally.acting.after += weight
        tally.variances.after += variance
      }
      if (page.bounds[row] === 1 && !(before && after)) {
        tally.unknown += weight
        continue
      }
      if (before === after) continue
      if (after) tally.added += weight
      else tally.released += weight
      const nearest = after ? this.#added : this.#released
      const distance = Math.abs(score - to)
      if (nearest.wants(distance)) {
        nearest.add(distance, { id: page.ids[row] ?? '', score, stratum, made: new Date(made).toISOString() })
      }
    }
  }

  simulation(): Simulation {
    const all = new Tally()
    const byStratum = newTallies()
    const days = [...this.#tallies]
      .toSorted(([one], [other]) => one - other)
      .map(([on, tallies]) => {
        const ofDay = new Tally()
        for (const stratum of strata) {
          ofDay.merge(tallies[stratum])
          byStratum[stratum].merge(tallies[stratum])
        }
        all.merge(ofDay)
        return Object.assign({ day: new Date(on * day).toISOString().slice(0, 10) }, ofDay.actions())
      })
    return {
      from: this.#options.from,
      to: this.#options.to,
      recordedDecisions: this.#recorded,
      others: this.#others,
      ...all.actions(),
      days,
      strata: strata.map((stratum) => Object.assign({ stratum }, byStratum[stratum].actions())),
      examples: { added: this.#added.list(), released: this.#released.list() },
    }
  }

  #talliesOf(on: number): Record<Stratum, Tally> {
    const tallies = this.#tallies.get(on) ?? newTallies()
    this.#tallies.set(on, tallies)
    return tallies
  }
}

const newTallies = (): Record<Stratum, Tally> => ({
  withheld: new Tally(),
  changed: new Tally(),
  near: new Tally(),
  passed: new Tally(),
})

/** The few that are nearest to a threshold; of equal ones those that came first. */
class Nearest {
  readonly #found: { readonly distance: number; readonly decision: ChangedDecision }[] = []

  wants(distance: number): boolean {
    const last = this.#found[mostExamples - 1]
    return last === undefined || distance < last.distance
  }

  add(distance: number, decision: ChangedDecision): void {
    const behind = this.#found.findIndex((each) => each.distance > distance)
    this.#found.splice(behind < 0 ? this.#found.length : behind, 0, { distance, decision })
    if (this.#found.length > mostExamples) this.#found.length = mostExamples
  }

  list(): readonly ChangedDecision[] {
    return this.#found.map(({ decision }) => decision)
  }
}

/** What another threshold would have done to what was recorded, page by page, so that a million rows are never held at once. */
export async function simulate(pages: AsyncIterable<ScorePage>, options: SimulateOptions): Promise<Simulation> {
  const replay = new Replay(options)
  for await (const page of pages) replay.add(page)
  return replay.simulation()
}
