import type { Complaints } from '../../core/complaints.ts'
import type { RecordedDecisions, TuningPlace } from '../../core/recorded-decisions.ts'
import type { Labels } from '../../core/tuning.ts'
import { readPopulation } from '../estimates/population.ts'
import type { GroupFacts, PlaceFacts, ReportFacts } from './report.ts'
import type { Wait } from './time-to-label.ts'

export interface ReportPorts {
  readonly decisions: Pick<RecordedDecisions, 'pages' | 'daily'>
  readonly complaints: Pick<Complaints, 'complainers' | 'daily' | 'list'>
  readonly labels: Pick<Labels, 'of' | 'history'>
}

/** A place as it stands now. */
export interface ReportPlace {
  readonly place: TuningPlace
  readonly threshold: number
  readonly isTuned: boolean
  /** `name@version …` of the detectors in force. */
  readonly detectors: string
}

export interface ReadReportOptions extends Pick<ReportFacts, 'since' | 'until' | 'cost'> {
  readonly places: readonly ReportPlace[]
}

/** Complaints of a place in a period whose times are read, the oldest first; beyond so many a median hardly moves. */
const mostWaits = 500

/** Reads of a storage what a report is made of, one place after the other. */
export async function readReport(
  ports: ReportPorts,
  options: ReadReportOptions,
  signal: AbortSignal,
): Promise<ReportFacts> {
  const { places, since, until, cost } = options
  const facts: PlaceFacts[] = []
  for (const { place, threshold, isTuned, detectors } of places) {
    signal.throwIfAborted()
    const range = { place, since, until }
    const population = await readPopulation(ports.decisions.pages(range, signal), detectors)
    const labels = await ports.labels.of(place, { since, until })
    facts.push({
      place,
      threshold,
      isTuned,
      population,
      labels: labels.filter((label) => label.detectors === detectors),
      complainers: await ports.complaints.complainers(place, since, until),
      waits: await waitsOf(ports, place, options),
      daily: await ports.decisions.daily(range),
    })
  }
  const groups: GroupFacts[] = []
  for (const group of [...new Set(places.map(({ place }) => place.group))].toSorted()) {
    const complaints = await ports.complaints.daily(group, since)
    groups.push({ group, complaints: complaints.filter(({ day }) => day <= until.slice(0, 10)) })
  }
  return { since, until, places: facts, groups, cost }
}

async function waitsOf(
  { complaints, labels }: Pick<ReportPorts, 'complaints' | 'labels'>,
  { group, rule }: TuningPlace,
  { since, until }: Pick<ReadReportOptions, 'since' | 'until'>,
): Promise<readonly Wait[]> {
  // A thumb that says that all is well waits for nobody.
  const filter = { group, rule, kind: null, state: null, reason: null, verdict: 'down', since, until } as const
  const { complaints: listed } = await complaints.list(filter, mostWaits)
  const waits: Wait[] = []
  for (const { id, made, state, decision } of listed) {
    if (state === 'dismissed') continue
    const history = state === 'labelled' && decision !== null ? await labels.history(decision) : []
    const settled = history.find(({ complaint }) => complaint === id)
    waits.push({ made, labelled: settled === undefined || settled.made >= until ? null : settled.made })
  }
  return waits
}
