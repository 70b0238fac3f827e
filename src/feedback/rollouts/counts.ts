import type { RolloutCounts } from '../../core/tuning.ts'

/** What is counted of an arm in a stage, without which of them it is. */
export type CountedNumbers = Omit<RolloutCounts, 'stage' | 'arm'>

export const nothingCounted: CountedNumbers = {
  requests: 0,
  actedBefore: 0,
  actedAfter: 0,
  onlyBefore: 0,
  onlyAfter: 0,
  unknown: 0,
  complaints: 0,
}

export const plus = (one: CountedNumbers, other: CountedNumbers): CountedNumbers =>
  eachOf((name) => one[name] + other[name])

/** What has come since; nothing of what a storage that was put back knows less of. */
export const countedSince = (now: CountedNumbers, before: CountedNumbers): CountedNumbers =>
  eachOf((name) => Math.max(0, now[name] - before[name]))

function eachOf(numberOf: (name: keyof CountedNumbers) => number): CountedNumbers {
  return {
    requests: numberOf('requests'),
    actedBefore: numberOf('actedBefore'),
    actedAfter: numberOf('actedAfter'),
    onlyBefore: numberOf('onlyBefore'),
    onlyAfter: numberOf('onlyAfter'),
    unknown: numberOf('unknown'),
    complaints: numberOf('complaints'),
  }
}
