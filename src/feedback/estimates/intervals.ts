import type { Confidence } from '../../core/tuning.ts'

/** A rate, and the interval that holds the true one. NaN, and all of 0 to 1, where there is nothing to tell it from. */
export interface Estimate {
  readonly rate: number
  readonly low: number
  readonly high: number
}

export const unknownEstimate: Estimate = { rate: Number.NaN, low: 0, high: 1 }

/** How sure a bound is, and how far it lies: `tail` is the chance that the true value lies beyond, `z` the normal quantile. */
export interface Sureness {
  readonly z: number
  readonly tail: number
}

/** Both bounds of an interval of 95 %. */
export const ninetyFivePercent: Sureness = { z: 1.959_964, tail: 0.025 }

/** One bound alone, by how sure it is. */
export const oneSided = {
  0.8: { z: 0.841_621, tail: 0.2 },
  0.9: { z: 1.281_552, tail: 0.1 },
  0.95: { z: 1.644_854, tail: 0.05 },
  0.99: { z: 2.326_348, tail: 0.01 },
} as const satisfies Readonly<Record<Confidence, Sureness>>

/** A number of decisions, and between what it lies. */
export interface Amount {
  readonly value: number
  readonly low: number
  readonly high: number
}

/**
 * The sum of amounts that were estimated apart from each other, with an interval out of theirs: the method of variance
 * estimates recovery (Zou, Huang and Zhang, 2009). Unlike one of a pooled variance it stays honest where a stratum has shown
 * nothing yet.
 */
export function sumOf(amounts: readonly Amount[]): Amount {
  let [value, below, above] = [0, 0, 0]
  for (const amount of amounts) {
    value += amount.value
    below += (amount.value - amount.low) ** 2
    above += (amount.high - amount.value) ** 2
  }
  return { value, low: Math.max(0, value - Math.sqrt(below)), high: value + Math.sqrt(above) }
}

/**
 * What share `part` is of `part` and `rest` together, which were estimated apart from each other. Its bounds are the shares
 * at which `part - share * (part + rest)` has 0 for a bound, by the same method (Donner and Zou, 2012).
 */
export function shareOf(part: Amount, rest: Amount): Estimate {
  const whole = part.value + rest.value
  if (whole <= 0) return unknownEstimate
  const below = [part.value - part.low, rest.high - rest.value] as const
  const above = [part.high - part.value, rest.value - rest.low] as const
  const difference = (share: number) => part.value * (1 - share) - rest.value * share
  const spread = ([ofPart, ofRest]: readonly [number, number], share: number) =>
    Math.hypot((1 - share) * ofPart, share * ofRest)
  return {
    rate: part.value / whole,
    low: part.low <= 0 ? 0 : rootOf((share) => difference(share) - spread(below, share)),
    high: rest.low <= 0 ? 1 : rootOf((share) => difference(share) + spread(above, share)),
  }
}

/** Where a function that is not below 0 at 0, and not above it at 1, comes to 0. */
function rootOf(of: (share: number) => number): number {
  let [low, high] = [0, 1]
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2
    if (of(middle) > 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}
