import { unknownEstimate, type Estimate } from './intervals.ts'

/** Logarithm of the gamma function of a number above 0, to about ten digits: Stirling's series, from 10 on. */
function logGamma(of: number): number {
  let [shift, value] = [0, of]
  while (value < 10) {
    shift -= Math.log(value)
    value += 1
  }
  const inverse = 1 / (value * value)
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1_260 - inverse / 1_680))) / value
  return shift + (value - 0.5) * Math.log(value) - value + Math.log(2 * Math.PI) / 2 + series
}

/** Terms of the continued fraction of the incomplete beta function (DLMF 8.17.22), evaluated from the front (Lentz). */
function betaFraction(x: number, a: number, b: number): number {
  const least = 1e-300
  let [upper, lower, result] = [1, 0, 1]
  for (let index = 1; index <= 1_000; index += 1) {
    const m = Math.floor(index / 2)
    const term =
      index % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    lower = 1 / (1 + term * lower || least)
    upper = 1 + term / upper || least
    const change = upper * lower
    result *= change
    if (Math.abs(change - 1) < 1e-12) break
  }
  return 1 / result
}

/** The regularized incomplete beta function: the chance that a number of the beta distribution is at most x. */
export function betaChance(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - betaChance(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return (front * betaFraction(x, a, b)) / a
}

/** Where that chance is reached, to nine digits after the point. */
function betaQuantile(chance: number, a: number, b: number): number {
  let [low, high] = [0, 1]
  for (let step = 0; step < 30; step += 1) {
    const middle = (low + high) / 2
    if (betaChance(middle, a, b) < chance) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * The exact interval of a rate (Clopper and Pearson, 1934): each bound is wrong with a chance of `tail` at most. Neither number
 * need be whole: of weighted labels they are effective ones.
 */
export function exactInterval(hits: number, total: number, tail: number): Estimate {
  if (total <= 0) return unknownEstimate
  return {
    rate: hits / total,
    low: hits <= 0 ? 0 : hits >= total ? tail ** (1 / total) : betaQuantile(tail, hits, total - hits + 1),
    high: hits >= total ? 1 : hits <= 0 ? 1 - tail ** (1 / total) : betaQuantile(1 - tail, hits + 1, total - hits),
  }
}

/** The same, remembered: of a thousand thresholds most have the same labels on each side. */
export function rememberedIntervals(): typeof exactInterval {
  const known = new Map<string, Estimate>()
  return (hits, total, tail) => {
    const key = `${hits} ${total} ${tail}`
    const estimate = known.get(key) ?? exactInterval(hits, total, tail)
    known.set(key, estimate)
    return estimate
  }
}
