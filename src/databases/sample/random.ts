/** A deterministic source of numbers: the same seed gives the same shop on every machine. Not for secrets. */
export interface SeededRandom {
  /** The next number in [0, 1). */
  next(): number
  /** Whole number from `low` to `high`, both inclusive. */
  between(low: number, high: number): number
  pick<T>(items: readonly T[]): T
  /** An item by its weight; weights need not add up to one. */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T
  chance(probability: number): boolean
}

/** sfc32 (Chris Doty-Humphrey, PractRand): small, fast, passes statistical tests, 32-bit integer arithmetic only. */
export function createSeededRandom(seed: number): SeededRandom {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, seed | 0, 1]
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let warmUp = 0; warmUp < 20; warmUp += 1) next()
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between,
    pick: (items) => itemAt(items, between(0, items.length - 1)),
    weighted: (items) => pickWeighted(items, next()),
    chance: (probability) => next() < probability,
  }
}

function itemAt<T>(items: readonly T[], index: number): T {
  if (index < 0 || index >= items.length) throw new RangeError('a pick from an empty list')
  return items[index] as T
}

function pickWeighted<T>(items: readonly (readonly [T, number])[], fraction: number): T {
  let rest = fraction * items.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [item, weight] of items) {
    rest -= weight
    if (rest < 0) return item
  }
  return itemAt(items, items.length - 1)[0]
}

/** `weighted` for a list that is picked from many times. */
export function createWeightedPicker<T>(
  items: readonly (readonly [item: T, weight: number])[],
): (random: SeededRandom) => T {
  let sum = 0
  const upTo = items.map(([, weight]) => (sum += weight))
  return (random) => {
    const mark = random.next() * sum
    let [low, high] = [0, upTo.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((upTo[middle] ?? 0) > mark) high = middle
      else low = middle + 1
    }
    return itemAt(items, low)[0]
  }
}
