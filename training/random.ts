/** Choices that a seed decides. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A number in [0, 1) (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** Happens in so many of a hundred cases. */
  percent(hundredths: number): boolean {
    return this.next() * 100 < hundredths
  }

  /** A whole number from `low` to `high`, both inclusive. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.next() * items.length)]
    if (item === undefined) throw new Error('There is nothing to choose from.')
    return item
  }

  /** `#` becomes a digit, `?` a capital letter. */
  fill(pattern: string): string {
    return pattern.replace(/[#?]/g, (sign) =>
      sign === '#' ? String(this.between(0, 9)) : String.fromCharCode(this.between(65, 90)),
    )
  }

  shuffled<Item>(items: readonly Item[]): Item[] {
    return items
      .map((item) => ({ item, rank: this.next() }))
      .sort((first, second) => first.rank - second.rank)
      .map(({ item }) => item)
  }
}
