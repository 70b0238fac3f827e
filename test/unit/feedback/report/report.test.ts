import { describe, expect, it } from 'vitest'
import type { ComplaintFacts } from '../../../../src/core/complaints.ts'
import type { Label } from '../../../../src/core/tuning.ts'
import { readReport, type ReportPorts } from '../../../../src/feedback/report/read-report.ts'
import { reportJson } from '../../../../src/feedback/report/report-json.ts'
import { reportMarkdown } from '../../../../src/feedback/report/report-markdown.ts'
import { reportOf } from '../../../../src/feedback/report/report.ts'
import { timeToLabel } from '../../../../src/feedback/report/time-to-label.ts'
import { label, pageOfRows, type Row } from '../../../support/feedback/labels.ts'
import { madeDetectors } from '../../../support/feedback/made-traffic.ts'
import { place } from '../../../support/feedback/tuning-examples.ts'

const never = new AbortController().signal
const period = { since: '2026-11-23T00:00:00.000Z', until: '2026-11-30T00:00:00.000Z' } as const
const times = <Item>(count: number, item: () => Item): Item[] => Array.from({ length: count }, item)

const complaint = (changed: Partial<ComplaintFacts>): ComplaintFacts => ({
  id: 'cmp_1',
  kind: 'appeal',
  verdict: 'down',
  reason: 'harmless',
  principal: 'ada',
  group: place.group,
  decision: 'dec-1',
  answer: null,
  state: 'labelled',
  made: '2026-11-24T00:00:00.000Z',
  ...changed,
})

const settling = (id: string, made: string): Label => ({
  id: 'lbl_1',
  decision: 'dec-1',
  rule: place.rule,
  truth: 'harmless',
  by: 'grace',
  why: 'a recipe',
  source: 'appeal',
  complaint: id,
  made,
})

const withheld: Row[] = times(100, () => ({ score: 0.9, stratum: 'withheld' }))
const passed: Row[] = times(100, () => ({ score: 0.1, stratum: 'passed', weight: 9 }))

/** A storage in which this was recorded. */
function ports(rows: readonly Row[], changed: Partial<ReportPorts> = {}): ReportPorts {
  return {
    decisions: {
      // eslint-disable-next-line typescript/require-await
      async *pages() {
        yield pageOfRows(rows)
      },
      daily: () => Promise.resolve([{ day: '2026-11-24', acted: 100, all: 1_000 }]),
    },
    complaints: {
      complainers: (_, since, until) =>
        Promise.resolve(since === period.since && until === period.until ? [{ principal: 'ada', count: 2 }] : []),
      daily: () =>
        Promise.resolve([
          { day: '2026-11-24', reason: 'harmless', count: 2 },
          { day: '2026-12-01', reason: 'harmful', count: 5 },
        ]),
      list: ({ verdict, since = '', until = '' }) => {
        const complaints = [
          complaint({}),
          complaint({ id: 'cmp_2', state: 'waiting', made: '2026-11-29T00:00:00.000Z' }),
          complaint({ id: 'cmp_3', state: 'dismissed' }),
          complaint({ id: 'cmp_4', made: '2026-11-01T00:00:00.000Z' }),
          complaint({ id: 'cmp_5', verdict: 'up', state: 'waiting' }),
        ].filter((each) => each.verdict === verdict && each.made >= since && each.made < until)
        return Promise.resolve({ complaints, total: complaints.length })
      },
    },
    labels: {
      of: () =>
        Promise.resolve([
          ...times(6, () => label({ score: 0.9, truth: 'harmless' })),
          ...times(4, () => label({ score: 0.9, truth: 'harmful' })),
          ...times(9, () => label({ score: 0.1, stratum: 'passed', weight: 9 })),
          label({ score: 0.1, stratum: 'passed', weight: 9, truth: 'harmful' }),
          label({ score: 0.9, detectors: 'words@0' }),
        ]),
      history: () =>
        Promise.resolve([settling('cmp_0', '2026-11-24T01:00:00Z'), settling('cmp_1', '2026-11-24T06:00:00.000Z')]),
    },
    ...changed,
  }
}

const read = (from: ReportPorts, cost: { falseBlock: number; unit: string } | null = null) =>
  readReport(
    from,
    { ...period, cost, places: [{ place, threshold: 0.5, isTuned: true, detectors: madeDetectors }] },
    never,
  )

describe('the report of a period', () => {
  it('has of each place the metrics as they are defined, worked out by hand', async () => {
    const report = reportOf(await read(ports([...withheld, ...passed]), { falseBlock: 0.5, unit: 'minutes' }))
    const [found] = report.places
    expect(found).toMatchObject({
      decisions: 1_000,
      recorded: 200,
      labels: { drawn: 20, pointedAt: 0 },
      complaints: 2,
      complainers: 1,
      timeToLabel: { median: 6, labelled: 1, waiting: 1, longestWaiting: 24 },
    })
    expect(found?.blockRate.rate).toBeCloseTo(0.1, 12)
    expect(found?.falsePositiveRate.rate).toBeCloseTo(60 / 870, 12)
    expect(found?.missRate.rate).toBeCloseTo(90 / 130, 12)
    expect(found?.wrongActions.rate).toBeCloseTo(0.6, 12)
    expect(found?.complaintRate.rate).toBeCloseTo(0.002, 12)
    expect(found?.costOfFalseBlocks?.value).toBeCloseTo(30, 9)
    expect(report.groups).toEqual([{ group: place.group, complaints: { harmless: 2 } }])
  })

  it('is a table for people', async () => {
    const text = reportMarkdown(reportOf(await read(ports([...withheld, ...passed]))))
    expect(text).toContain('# Content filters from 2026-11-23 to 2026-11-30')
    expect(text).toContain('| staff | inbound | toxicity | 0.5, tuned | 1000 | 10 % (')
    expect(text).toContain('- complaints of staff: harmless 2')
    expect(text).not.toMatch(/NaN|undefined/)
  })

  it('is a document for programs, with null for what is not known', async () => {
    const empty = ports([], {
      complaints: {
        complainers: () => Promise.resolve([]),
        daily: () => Promise.resolve([]),
        list: () => Promise.resolve({ complaints: [], total: 0 }),
      },
      labels: { of: () => Promise.resolve([]), history: () => Promise.resolve([]) },
    })
    const json = reportJson(reportOf(await read(empty)))
    expect(JSON.parse(JSON.stringify(json))).toMatchObject({
      places: [
        { block_rate: null, false_positive_rate: null, hours_to_label: { median: null }, cost_of_false_blocks: null },
      ],
    })
    expect(reportMarkdown(reportOf(await read(empty)))).toContain('nothing is recorded')
  })

  it('says no rate of all decisions where nothing of what passes is recorded', async () => {
    const report = reportOf(await read(ports(withheld)))
    const [found] = report.places
    expect([found?.blockRate.rate, found?.falsePositiveRate.rate, found?.missRate.rate]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ])
    expect(found?.wrongActions.rate).toBeCloseTo(0.6, 12)
    expect(reportMarkdown(report)).toContain('nothing of what passes is recorded')
  })
})

describe('the time to a label', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 1) + hour * 3_600_000).toISOString()

  it('is the median where all are labelled', () => {
    const waits = [1, 2, 3, 4, 100].map((hours) => ({ made: at(0), labelled: at(hours) }))
    expect(timeToLabel(waits, at(200))).toMatchObject({ median: 3, nineOfTen: 100, labelled: 5, waiting: 0 })
  })

  it('is not made better by leaving complaints lying', () => {
    const quick = [1, 1, 1].map((hours) => ({ made: at(0), labelled: at(hours) }))
    const waiting = times(7, () => ({ made: at(0), labelled: null }))
    const time = timeToLabel([...quick, ...waiting], at(50))
    expect(time).toMatchObject({ median: Number.NaN, labelled: 3, waiting: 7, longestWaiting: 50 })
  })

  it('takes those that wait for as long as they have, as worked out by hand', () => {
    // At 1 one of four is labelled (3/4 left), at 2 one goes out of sight, at 3 one of two is labelled: 3/8 left.
    const waits = [
      { made: at(9), labelled: at(10) },
      { made: at(8), labelled: null },
      { made: at(0), labelled: at(3) },
      { made: at(0), labelled: at(9) },
    ]
    expect(timeToLabel(waits, at(10)).median).toBe(3)
  })

  it('takes one that waits at the moment of a label for one that still waits', () => {
    const waits = [
      { made: at(0), labelled: null },
      { made: at(0), labelled: at(5) },
    ]
    expect(timeToLabel(waits, at(5))).toMatchObject({ median: 5, nineOfTen: Number.NaN })
  })

  it('is unknown of no complaint', () => {
    expect(timeToLabel([], at(0))).toMatchObject({ median: Number.NaN, nineOfTen: Number.NaN, labelled: 0, waiting: 0 })
  })
})
