/** The values of these unknowns, each counted so often, add up to this. */
export interface Sum {
  readonly weights: ReadonlyMap<number, number>
  readonly total: number
}

export interface Interval {
  readonly low: number
  readonly high: number
}

const rounding = 1e-7

/**
 * What somebody who knows that each of the values lies between `low` and `high` can say of each after these sums. All
 * combinations that leave as few unknowns as possible are made by elimination, once from either end, and then every sum bounds each of
 * its unknowns by what the others can be, until nothing narrows.
 */
export function solveIntervals(
  sums: readonly Sum[],
  given: { readonly unknowns: number; readonly low: number; readonly high: number },
): Interval[] {
  const { unknowns, low, high } = given
  const rows = sums.map(({ weights, total }) => {
    const row = new Float64Array(unknowns + 1)
    for (const [unknown, weight] of weights) row[unknown] = weight
    row[unknowns] = total
    return row
  })
  const order = Array.from({ length: unknowns }, (_, index) => index)
  const all = [...rows, ...eliminate(rows, order), ...eliminate(rows, order.toReversed())]
  const intervals = order.map(() => ({ low, high }))
  for (let round = 0, isNarrower = true; isNarrower && round < 50; round += 1) {
    isNarrower = all.map((row) => narrow(row, intervals)).some(Boolean)
  }
  return intervals
}

/** Reduced row echelon form, the unknowns in this order. */
function eliminate(rows: readonly Float64Array[], order: readonly number[]): Float64Array[] {
  const rest = rows.map((row) => row.slice())
  const done: Float64Array[] = []
  for (const unknown of order) {
    const size = (row: Float64Array): number => Math.abs(row[unknown] ?? 0)
    const [best] = rest.toSorted((left, right) => size(right) - size(left))
    if (best === undefined || size(best) < rounding) continue
    rest.splice(rest.indexOf(best), 1)
    const lead = best[unknown] ?? 1
    const pivot = best.map((value) => value / lead)
    for (const other of [...rest, ...done]) {
      const factor = other[unknown] ?? 0
      if (factor !== 0) pivot.forEach((value, index) => (other[index] = (other[index] ?? 0) - factor * value))
    }
    done.push(pivot)
  }
  return done
}

/** Narrows each unknown of a sum to what the others leave it; true where one became narrower. */
function narrow(row: Float64Array, intervals: { low: number; high: number }[]): boolean {
  const terms = intervals.flatMap((interval, unknown) => {
    const weight = row[unknown] ?? 0
    return Math.abs(weight) < rounding ? [] : [{ interval, weight }]
  })
  const ends = terms.map(({ interval, weight }) =>
    [weight * interval.low, weight * interval.high].sort((a, b) => a - b),
  )
  const least = ends.reduce((sum, [value = 0]) => sum + value, 0)
  const most = ends.reduce((sum, [, value = 0]) => sum + value, 0)
  const total = row.at(-1) ?? 0
  let isNarrower = false
  for (const [index, { interval, weight }] of terms.entries()) {
    const [own = 0, other = 0] = ends[index] ?? []
    const bounds = [(total - (most - other)) / weight, (total - (least - own)) / weight].sort((a, b) => a - b)
    const [low = -Infinity, high = Infinity] = bounds
    if (low > interval.low + 1e-6) [interval.low, isNarrower] = [low, true]
    if (high < interval.high - 1e-6) [interval.high, isNarrower] = [high, true]
  }
  return isNarrower
}
