import { markdownTable } from '../../text/markdown-table.ts'
import type { Amount, Estimate } from '../estimates/intervals.ts'
import type { PeriodReport, PlaceReport } from './report.ts'

const columns = [
  'group',
  'direction',
  'rule',
  'threshold',
  'decisions',
  'block rate',
  'false-positive rate',
  'miss rate',
  'wrong of acted on',
  'labels',
  'complaint rate',
  'hours to label',
] as const

/** What each column is, for whoever reads the report alone. */
const definitions = [
  'decisions: of the content filters in this direction, recorded ones by how many they stand for',
  'block rate: share of decisions in which the rule withheld or changed something',
  'false-positive rate: share of the harmless decisions in which it did, out of drawn labels',
  'miss rate: share of the harmful decisions in which it did not, out of drawn labels and reports',
  'wrong of acted on: share of the decisions in which it did that were harmless',
  'complaint rate: complaints about decisions of the rule in a hundred decisions',
  'hours to label: median, nine of ten; complaints that wait count as long as they have waited',
]

/** A report for people. Intervals are of 95 %; what is not known is a question mark. */
export function reportMarkdown({ since, until, unit, places, groups }: PeriodReport): string {
  const rows = places.map((report) => rowOf(report, unit))
  const names = unit === null ? columns : [...columns, `cost of false blocks (${unit})`]
  const table = markdownTable(
    { columns: names.map((name) => ({ name, type: 'text' })), rows, totalRows: rows.length },
    rows.length,
  )
  const remarks = places.flatMap(remarksOf)
  const complaints = groups.map(({ group, complaints: byReason }) => {
    const counts = Object.entries(byReason).map(([reason, count]) => `${reason} ${count}`)
    return `- complaints of ${group}: ${counts.length === 0 ? 'none' : counts.join(', ')}`
  })
  const parts = [
    `# Content filters from ${since.slice(0, 10)} to ${until.slice(0, 10)}`,
    places.length === 0 ? 'No threshold is tuned: feedback.limits lists no category.' : table,
    [...complaints, ...remarks.map((remark) => `- ${remark}`)].join('\n'),
    definitions.map((definition) => `- ${definition}`).join('\n'),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function rowOf(report: PlaceReport, unit: string | null): string[] {
  const { place, timeToLabel: time, complaints, complainers } = report
  const said = complaints === 0 ? '' : ` (${complaints} of ${complainers})`
  return [
    place.group,
    place.direction,
    place.rule,
    `${report.threshold}${report.isTuned ? ', tuned' : ''}`,
    `${Math.round(report.decisions)}`,
    estimateText(report.blockRate),
    estimateText(report.falsePositiveRate),
    estimateText(report.missRate),
    estimateText(report.wrongActions),
    `${report.labels.drawn} + ${report.labels.pointedAt}`,
    `${estimateText(report.complaintRate)}${said}`,
    time.labelled + time.waiting === 0
      ? ''
      : `${hours(time.median)}, ${hours(time.nineOfTen)}; ${time.waiting} waiting`,
    ...(unit === null ? [] : [report.costOfFalseBlocks === null ? '?' : amountText(report.costOfFalseBlocks)]),
  ]
}

function remarksOf({ place, holdsPassed, decisions, others, recorded }: PlaceReport): string[] {
  const at = `${place.group}, ${place.direction}, ${place.rule}`
  if (decisions === 0) return [`${at}: nothing is recorded; feedback.record says what is.`]
  return [
    ...(holdsPassed
      ? []
      : [
          `${at}: nothing of what passes is recorded, so that no rate is known of all decisions; set feedback.record.sample.`,
        ]),
    ...(others === 0
      ? []
      : [`${at}: ${others} of ${recorded + others} recorded decisions are of other detectors, and left out.`]),
  ]
}

const percent = (share: number): string => {
  const value = share * 100
  return Number(value >= 10 ? value.toFixed(0) : value.toPrecision(2)).toString()
}

const estimateText = ({ rate, low, high }: Estimate): string =>
  Number.isFinite(rate) ? `${percent(rate)} % (${percent(low)} to ${percent(high)})` : '?'

const amountText = ({ value, low, high }: Amount): string => `${round(value)} (${round(low)} to ${round(high)})`

const round = (value: number): number => Number(value >= 100 ? value.toFixed(0) : value.toPrecision(2))

const hours = (value: number): string => (Number.isFinite(value) ? `${round(value)}` : '?')
