import type { Random } from '../random.ts'

/** A whole number from `low` to `high`, both among them. */
export const integer = (random: Random, low: number, high: number) => low + Math.floor(random() * (high - low + 1))

/** What `make` makes of 0 to `count` - 1. */
export const list = <Item>(count: number, make: (index: number) => Item) =>
  Array.from({ length: count }, (_, at) => make(at))

export const oneOf = <Item>(random: Random, items: readonly Item[]): Item =>
  items[integer(random, 0, items.length - 1)] as Item

/** So many decimal digits. */
export const digits = (random: Random, count: number) => list(count, () => `${integer(random, 0, 9)}`).join('')
