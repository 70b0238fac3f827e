import type { ComplaintReason } from '../../core/complaints.ts'
import type { RecordedDecisions, TuningPlace } from '../../core/recorded-decisions.ts'
import type { LabelledScore } from '../../core/tuning.ts'
import { actedRate } from '../estimates/acted-rate.ts'
import { exactInterval } from '../estimates/exact-interval.ts'
import { ninetyFivePercent, unknownEstimate, type Amount, type Estimate } from '../estimates/intervals.ts'
import { holdsPassed, type Population } from '../estimates/population.ts'
import { ratesAtThreshold, trafficCurve } from '../estimates/traffic-curve.ts'
import { timeToLabel, type TimeToLabel, type Wait } from './time-to-label.ts'

/** What was read of one place. */
export interface PlaceFacts {
  readonly place: TuningPlace
  /** In force now. */
  readonly threshold: number
  readonly isTuned: boolean
  readonly population: Population
  readonly labels: readonly LabelledScore[]
  readonly complainers: readonly { readonly principal: string; readonly count: number }[]
  readonly waits: readonly Wait[]
  readonly daily: Awaited<ReturnType<RecordedDecisions['daily']>>
}

export interface GroupFacts {
  readonly group: string
  readonly complaints: readonly { readonly day: string; readonly reason: ComplaintReason; readonly count: number }[]
}

export interface ReportFacts {
  /** ISO 8601: from, and up to. */
  readonly since: string
  readonly until: string
  readonly places: readonly PlaceFacts[]
  readonly groups: readonly GroupFacts[]
  /** What one false block costs, and in what; null where nobody has said. */
  readonly cost: { readonly falseBlock: number; readonly unit: string } | null
}

/** Metrics of one place, as docs/tuning.md defines them. */
export interface PlaceReport {
  readonly place: TuningPlace
  readonly threshold: number
  readonly isTuned: boolean
  /** Decisions that the recorded ones stand for, those that were recorded, and those of other detectors left out. */
  readonly decisions: number
  readonly recorded: number
  readonly others: number
  /** Is a sample of what passes recorded? Without one only `wrongActions` can be told. */
  readonly holdsPassed: boolean
  readonly labels: { readonly drawn: number; readonly pointedAt: number }
  /** Share of decisions in which the rule acted, as they were made. */
  readonly blockRate: Estimate
  readonly falsePositiveRate: Estimate
  readonly missRate: Estimate
  readonly wrongActions: Estimate
  readonly complaints: number
  readonly complainers: number
  /** Complaints in one decision. */
  readonly complaintRate: Estimate
  readonly timeToLabel: TimeToLabel
  readonly falseBlocks: Amount
  /** Null where nobody has said what one costs. */
  readonly costOfFalseBlocks: Amount | null
  readonly days: PlaceFacts['daily']
}

export interface GroupReport {
  readonly group: string
  readonly complaints: Readonly<Partial<Record<ComplaintReason, number>>>
}

export interface PeriodReport {
  readonly since: string
  readonly until: string
  readonly unit: string | null
  readonly places: readonly PlaceReport[]
  readonly groups: readonly GroupReport[]
}

/** Metrics of a period out of what was read of it. */
export function reportOf({ since, until, places, groups, cost }: ReportFacts): PeriodReport {
  return {
    since,
    until,
    unit: cost?.unit ?? null,
    places: places.map((facts) => placeReport(facts, until, cost?.falseBlock ?? null)),
    groups: groups.map(({ group, complaints }) => {
      const byReason = Map.groupBy(complaints, ({ reason }) => reason)
      const counted = [...byReason].map(([reason, days]) => [reason, days.reduce((sum, { count }) => sum + count, 0)])
      return { group, complaints: Object.fromEntries(counted) as GroupReport['complaints'] }
    }),
  }
}

function placeReport(facts: PlaceFacts, until: string, cost: number | null): PlaceReport {
  const { place, threshold, isTuned, population, labels, complainers, waits, daily } = facts
  const current = labels.filter(({ source }) => source !== 'import')
  const rates = ratesAtThreshold(trafficCurve(population, current), threshold)
  const isWhole = holdsPassed(population)
  const complaints = complainers.reduce((sum, { count }) => sum + count, 0)
  const drawn = current.filter(({ source }) => source === 'audit').length
  const { falseBlocks } = rates
  return {
    place,
    threshold,
    isTuned,
    decisions: population.decisions,
    recorded: population.recorded,
    others: population.others,
    holdsPassed: isWhole,
    labels: { drawn, pointedAt: current.length - drawn },
    blockRate: isWhole ? recordedRate(population) : unknownEstimate,
    falsePositiveRate: isWhole && current.length > 0 ? rates.falsePositives : unknownEstimate,
    missRate: isWhole && current.length > 0 ? rates.misses : unknownEstimate,
    wrongActions: current.length > 0 ? rates.wrongActions : unknownEstimate,
    complaints,
    complainers: complainers.length,
    complaintRate: isWhole
      ? exactInterval(Math.min(complaints, population.decisions), population.decisions, ninetyFivePercent.tail)
      : unknownEstimate,
    timeToLabel: timeToLabel(waits, until),
    falseBlocks,
    costOfFalseBlocks:
      cost === null || current.length === 0
        ? null
        : { value: falseBlocks.value * cost, low: falseBlocks.low * cost, high: falseBlocks.high * cost },
    days: daily,
  }
}

/** What the rule did when the decisions were made, by whatever threshold was in force then. */
function recordedRate({ decisions, acted, actedVariance, bins }: Population): Estimate {
  const all = Object.values(bins).reduce(
    (sum, { variances }) => sum + variances.reduce((total, each) => total + each, 0),
    0,
  )
  return actedRate({ acting: acted, decisions, variance: { all, above: actedVariance } }, ninetyFivePercent)
}
