/** These unknowns, each as often as it stands there, add up to the total. */
export interface Equation {
  readonly coefficients: Float64Array
  readonly total: number
}

const rounding = 1e-7

/**
 * The least and the most that each unknown between 0 and `high` can be where all equations hold: the simplex method over a
 * dense tableau, once for any solution at all and then from there for both ends of each unknown. No unknown is negative in an
 * equation. Throws where nothing fits.
 */
export function boundUnknowns(
  equations: readonly Equation[],
  { unknowns, high }: { readonly unknowns: number; readonly high: number },
): { readonly low: number; readonly high: number }[] {
  // In units of `high`, so that rounding means the same for all.
  const scaled = equations.map(({ coefficients, total }) => ({ coefficients, total: total / high }))
  const feasible = new Tableau(scaled, unknowns)
  feasible.dropArtificials()
  return Array.from({ length: unknowns }, (_, unknown) => ({
    low: feasible.least(unknown, 1) * high,
    high: -feasible.least(unknown, -1) * high,
  }))
}

/** Columns: the unknowns, for each what it lacks to 1, an artificial one for each equation, and the right side. */
class Tableau {
  readonly #rows: Float64Array[]
  readonly #basis: number[]
  readonly #unknowns: number
  readonly #width: number
  #usable: number

  constructor(equations: readonly Equation[], unknowns: number) {
    this.#unknowns = unknowns
    this.#usable = 2 * unknowns + equations.length
    this.#width = this.#usable + 1
    const bounds = Array.from({ length: unknowns }, (_, unknown) => {
      const row = new Float64Array(this.#width)
      row[unknown] = row[unknowns + unknown] = row[this.#width - 1] = 1
      return row
    })
    const sums = equations.map(({ coefficients, total }, index) => {
      const row = new Float64Array(this.#width)
      row.set(coefficients)
      row[2 * unknowns + index] = 1
      row[this.#width - 1] = total
      return row
    })
    this.#rows = [...bounds, ...sums]
    this.#basis = this.#rows.map((_, index) => unknowns + index)
  }

  /** Makes every artificial column nothing and leaves it out from then on. */
  dropArtificials(): void {
    const first = 2 * this.#unknowns
    const cost = new Float64Array(this.#width)
    cost.fill(1, first, this.#usable)
    if (this.#minimize(cost) > rounding) throw new Error('nothing fits these equations')
    for (const [index, column] of this.#basis.entries()) {
      if (column < first) continue
      const row = this.#rows[index]
      const lead = row?.findIndex((value, position) => position < first && Math.abs(value) > rounding) ?? -1
      // An equation that follows from the others stays behind as 0 = 0.
      if (lead >= 0) this.#pivot(index, lead)
    }
    this.#usable = first
  }

  /** Least of `sign` × an unknown. */
  least(unknown: number, sign: 1 | -1): number {
    const cost = new Float64Array(this.#width)
    cost[unknown] = sign
    return this.#minimize(cost)
  }

  #minimize(cost: Float64Array): number {
    const reduced = cost.slice()
    for (const [index, column] of this.#basis.entries()) subtract(reduced, this.#rows[index], cost[column] ?? 0)
    for (let turn = 0; turn < 20_000; turn += 1) {
      const entering = this.#entering(reduced, turn > 500)
      if (entering < 0) return -(reduced[this.#width - 1] ?? 0)
      const leaving = this.#leaving(entering)
      if (leaving < 0) throw new Error('nothing bounds this unknown')
      this.#pivot(leaving, entering)
      subtract(reduced, this.#rows[leaving], reduced[entering] ?? 0)
    }
    throw new Error('the simplex method goes round in circles')
  }

  /** The steepest column; the first one, which never goes in circles, where it takes long. */
  #entering(reduced: Float64Array, isLong: boolean): number {
    let best = -1
    for (let column = 0; column < this.#usable; column += 1) {
      const value = reduced[column] ?? 0
      if (value >= -rounding || (best >= 0 && value >= (reduced[best] ?? 0))) continue
      best = column
      if (isLong) break
    }
    return best
  }

  #leaving(entering: number): number {
    let best = -1
    let least = Infinity
    for (const [index, row] of this.#rows.entries()) {
      const step = row[entering] ?? 0
      if (step <= rounding) continue
      const ratio = Math.max(0, row[this.#width - 1] ?? 0) / step
      const isSame = Math.abs(ratio - least) <= 1e-12
      if (isSame ? (this.#basis[index] ?? 0) > (this.#basis[best] ?? 0) : ratio > least) continue
      best = index
      least = ratio
    }
    return best
  }

  #pivot(index: number, column: number): void {
    const row = this.#rows[index]
    if (row === undefined) return
    const lead = row[column] ?? 1
    for (let position = 0; position < this.#width; position += 1) row[position] = (row[position] ?? 0) / lead
    for (const other of this.#rows) if (other !== row) subtract(other, row, other[column] ?? 0)
    this.#basis[index] = column
  }
}

function subtract(target: Float64Array, row: Float64Array | undefined, factor: number): void {
  if (factor === 0 || row === undefined) return
  for (let index = 0; index < row.length; index += 1) target[index] = (target[index] ?? 0) - factor * (row[index] ?? 0)
}
