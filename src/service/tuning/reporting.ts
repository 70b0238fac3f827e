import { ServiceError } from '../../core/errors.ts'
import { isSamePlace } from '../../core/recorded-decisions.ts'
import { readReport } from '../../feedback/report/read-report.ts'
import { reportJson } from '../../feedback/report/report-json.ts'
import { reportMarkdown } from '../../feedback/report/report-markdown.ts'
import { reportOf } from '../../feedback/report/report.ts'
import type { TuningKeeper } from '../../feedback/tuning-keeper.ts'
import type { TuningParts } from './parts.ts'

const week = 604_800_000

/** Rates of the places that may be tuned, over a time. */
export function createReporting(parts: TuningParts): Pick<TuningKeeper, 'report'> {
  const { places, rollouts, now } = parts
  return {
    async report({ group, since, until, cost }, signal) {
      const end = until === null ? now() : Date.parse(until)
      const begin = since === null ? end - week : Date.parse(since)
      if (begin >= end) {
        throw new ServiceError('invalid-request', 'The time of a report begins after it has ended.', {
          parameter: 'since',
        })
      }
      const state = await rollouts.state()
      const told = places.all(state, group).map(({ place, threshold, detectors }) => {
        const isTuned = state.thresholds.some((tuned) => isSamePlace(tuned.place, place))
        return { place, threshold, isTuned, detectors }
      })
      const range = { since: new Date(begin).toISOString(), until: new Date(end).toISOString() }
      const report = reportOf(await readReport(parts, { ...range, places: told, cost }, signal))
      return { figures: reportJson(report), markdown: reportMarkdown(report) }
    },
  }
}
