import { randomInt } from 'node:crypto'

/** A stretch is looked up in so many places at most. */
const mostPlaces = 8

/**
 * Places by the hash of the stretch that begins there, in lists of numbers: an index of a million characters takes some tens
 * of megabytes. Nobody can write texts whose stretches all come into one list: where a hash belongs is secret.
 */
export class StretchTable {
  readonly #shift: number
  readonly #factor = randomInt(2 ** 31) * 2 + 1
  readonly #first: Int32Array
  readonly #next: Int32Array
  readonly #hashes: Int32Array
  /** Hashes that have more places than are kept, where these count for none; null where the first of them count. */
  readonly #common: Set<number> | null

  /** `length`: places are below it. */
  constructor(length: number, dropsCommon: boolean) {
    const bits = Math.max(4, Math.ceil(Math.log2(length + 1)))
    this.#shift = 32 - bits
    this.#first = new Int32Array(2 ** bits).fill(-1)
    this.#next = new Int32Array(length)
    this.#hashes = new Int32Array(length)
    this.#common = dropsCommon ? new Set() : null
  }

  add(hash: number, place: number): void {
    let count = 0
    for (let other = this.#find(hash, this.#listOf(hash)); other >= 0; other = this.following(other)) count += 1
    if (count === mostPlaces) {
      this.#common?.add(hash)
      return
    }
    const list = this.#listOf(hash)
    this.#hashes[place] = hash
    this.#next[place] = this.#first[list] as number
    this.#first[list] = place
  }

  /** A place of the hash; -1 where there is none. */
  firstOf(hash: number): number {
    return this.#common?.has(hash) === true ? -1 : this.#find(hash, this.#listOf(hash))
  }

  /** Another place of the same hash; -1 behind the last. */
  following(place: number): number {
    return this.#from(this.#next[place] as number, this.#hashes[place] as number)
  }

  #listOf(hash: number): number {
    return Math.imul(hash, this.#factor) >>> this.#shift
  }

  #find(hash: number, list: number): number {
    return this.#from(this.#first[list] as number, hash)
  }

  #from(place: number, hash: number): number {
    let at = place
    while (at >= 0 && this.#hashes[at] !== hash) at = this.#next[at] as number
    return at
  }
}
