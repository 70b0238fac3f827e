/** Largest share of a value that answers may pin down: with it, half of its variance is left to chance. */
export const maximumLeverage = 0.5

/**
 * A vector whose squared rest is below this share of its own squared length lies in the span of the others, but for
 * rounding.
 */
const rounding = 1e-9

export interface AtomSizes {
  /** Rows of each atom. */
  readonly sizes: Float64Array
  /** Atoms of the rows of each entity that has several; an atom stands as often as it holds rows of it. */
  readonly several: readonly (readonly number[])[]
}

/**
 * How closely the answers together pin down a single value, exactly or nearly. The leverage of a row is the squared
 * length of its projection onto the span of the answers: 0 says nothing about it, 1 that it can be computed, and to
 * somebody who holds all values for alike and independent, that share of its variance is gone. It bounds combinations
 * that tell about many entities but weigh one of them far more than the rest.
 *
 * The total over 10 rows gives each of them a leverage of 1/10. With the total over 9 of them the tenth has 1, since the
 * difference is its value, and the others 1/9.
 *
 * Vectors are over atoms of rows; every row of an atom has the same coefficient.
 */
export class Leverage {
  /** Orthonormal over rows. */
  readonly #basis: Float64Array[] = []

  get rank(): number {
    return this.#basis.length
  }

  /** New atoms take the coefficients of those they came from; -1 is an atom of rows never seen. */
  extend(origins: readonly number[]): void {
    this.#basis.forEach((vector, index) => {
      const longer = new Float64Array(vector.length + origins.length)
      longer.set(vector)
      origins.forEach((from, part) => (longer[vector.length + part] = at(vector, from)))
      this.#basis[index] = longer
    })
  }

  goBack(rank: number): void {
    this.#basis.length = rank
  }

  /** Adds an answer that is independent of the others; false where a value would be pinned down too closely. */
  add(answer: Int32Array, atoms: AtomSizes): boolean {
    const { sizes } = atoms
    const vector = Float64Array.from(answer)
    const before = product(vector, vector, sizes)
    // Twice: once leaves a rounding error as large as the vector was long.
    for (let pass = 0; pass < 2; pass += 1) {
      for (const other of this.#basis) addMultiple(vector, other, -product(vector, other, sizes))
    }
    const length = product(vector, vector, sizes)
    // Nearly dependent: what is new is a small difference of large sums, and cannot be followed in this arithmetic.
    if (length < rounding * before) return false
    const scale = 1 / Math.sqrt(length)
    this.#basis.push(vector.map((value) => value * scale))
    return this.#largest(atoms) <= maximumLeverage + rounding
  }

  #largest({ sizes, several }: AtomSizes): number {
    const single = new Float64Array(sizes.length)
    const totals = new Float64Array(several.length)
    for (const vector of this.#basis) {
      for (let atom = 0; atom < vector.length; atom += 1) single[atom] = at(single, atom) + at(vector, atom) ** 2
      several.forEach((rows, entity) => {
        let sum = 0
        for (const atom of rows) sum += at(vector, atom)
        totals[entity] = at(totals, entity) + sum ** 2 / rows.length
      })
    }
    let largest = 0
    for (const value of single) largest = Math.max(largest, value)
    for (const value of totals) largest = Math.max(largest, value)
    return largest
  }
}

/** What stands at a place of a vector: nothing outside it. */
function at(vector: Float64Array, place: number): number {
  return vector[place] ?? 0
}

function product(left: Float64Array, right: Float64Array, sizes: Float64Array): number {
  let sum = 0
  for (let atom = 0; atom < left.length; atom += 1) sum += at(left, atom) * at(right, atom) * at(sizes, atom)
  return sum
}

function addMultiple(target: Float64Array, other: Float64Array, factor: number): void {
  for (let atom = 0; atom < target.length; atom += 1) target[atom] = at(target, atom) + factor * at(other, atom)
}
