export interface Interval {
  readonly low: number
  readonly high: number
}

/** 97.5 % of the normal distribution lie below. */
const z = 1.96

/** Wilson's 95 % interval of a rate (E. B. Wilson, 1927); all of 0 to 1 without samples. */
export function wilson(hits: number, total: number): Interval {
  if (total === 0) return { low: 0, high: 1 }
  const rate = hits / total
  const middle = (rate + (z * z) / (2 * total)) / (1 + (z * z) / total)
  const half = (z / (1 + (z * z) / total)) * Math.sqrt((rate * (1 - rate)) / total + (z * z) / (4 * total * total))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
