import type { JsonValue } from '../../core/json.ts'
import type { Amount, Estimate } from '../estimates/intervals.ts'
import type { PeriodReport, PlaceReport } from './report.ts'

/** A report as a document for programs. What is not known is null. */
export function reportJson({ since, until, unit, places, groups }: PeriodReport): Readonly<Record<string, JsonValue>> {
  return {
    since,
    until,
    cost_unit: unit,
    places: places.map(placeJson),
    groups: groups.map(({ group, complaints }) => ({ group, complaints: { ...complaints } as JsonValue })),
  }
}

function placeJson(report: PlaceReport): JsonValue {
  const { place, timeToLabel: time } = report
  return {
    group: place.group,
    direction: place.direction,
    rule: place.rule,
    threshold: report.threshold,
    is_tuned: report.isTuned,
    decisions: report.decisions,
    recorded: report.recorded,
    of_other_detectors: report.others,
    holds_passed: report.holdsPassed,
    labels: { drawn: report.labels.drawn, pointed_at: report.labels.pointedAt },
    block_rate: estimate(report.blockRate),
    false_positive_rate: estimate(report.falsePositiveRate),
    miss_rate: estimate(report.missRate),
    wrong_actions: estimate(report.wrongActions),
    complaints: report.complaints,
    complainers: report.complainers,
    complaint_rate: estimate(report.complaintRate),
    hours_to_label: {
      median: known(time.median),
      nine_of_ten: known(time.nineOfTen),
      labelled: time.labelled,
      waiting: time.waiting,
      longest_waiting: known(time.longestWaiting),
    },
    false_blocks: amount(report.falseBlocks),
    cost_of_false_blocks: report.costOfFalseBlocks === null ? null : amount(report.costOfFalseBlocks),
    days: report.days.map(({ day, acted, all }) => ({ day, acted, decisions: all })),
  }
}

const known = (value: number): number | null => (Number.isFinite(value) ? value : null)

const estimate = ({ rate, low, high }: Estimate): JsonValue =>
  Number.isFinite(rate) ? { rate, interval: [low, high] } : null

const amount = ({ value, low, high }: Amount): JsonValue => ({ value, interval: [low, high] })
