/** A complaint, and when somebody labelled it: null while it waits. In ISO 8601. */
export interface Wait {
  readonly made: string
  readonly labelled: string | null
}

/** How long complaints wait for a label, in hours; NaN where not so many are labelled yet. */
export interface TimeToLabel {
  readonly median: number
  /** Within which nine of ten are labelled. */
  readonly nineOfTen: number
  readonly labelled: number
  readonly waiting: number
  /** Of those that wait, the longest; NaN where none does. */
  readonly longestWaiting: number
}

const hour = 3_600_000

/**
 * Times by the estimator of Kaplan and Meier (1958), in which complaints that wait count as long as they have waited: whoever
 * labels easy ones at once and leaves the others lying has no better median.
 */
export function timeToLabel(waits: readonly Wait[], now: string): TimeToLabel {
  const times = waits
    .map(({ made, labelled }) => {
      const hours = (Date.parse(labelled ?? now) - Date.parse(made)) / hour
      return { hours: Math.max(0, hours), isLabelled: labelled !== null }
    })
    // Of one moment labels come first: who waits until then is still waiting.
    .toSorted((one, other) => one.hours - other.hours || Number(other.isLabelled) - Number(one.isLabelled))
  const reached = (share: number): number => {
    let waiting = 1
    for (const [index, { hours, isLabelled }] of times.entries()) {
      const atRisk = times.length - index
      if (isLabelled) waiting *= 1 - 1 / atRisk
      if (isLabelled && waiting <= 1 - share + 1e-12) return hours
    }
    return Number.NaN
  }
  const stillWaiting = times.filter(({ isLabelled }) => !isLabelled)
  return {
    median: reached(0.5),
    nineOfTen: reached(0.9),
    labelled: times.length - stillWaiting.length,
    waiting: stillWaiting.length,
    longestWaiting: stillWaiting.at(-1)?.hours ?? Number.NaN,
  }
}
