/** How much of something goes together. */
export interface BatchOptions<Item> {
  readonly characters: number
  /** Without it, any number. */
  readonly items?: number
  readonly lengthOf: (item: Item) => number
}

/** The items in their order, in batches of so many characters at most; one that is longer is a batch of its own. */
export function* batchesOf<Item>(
  all: readonly Item[],
  { characters, items = Number.POSITIVE_INFINITY, lengthOf }: BatchOptions<Item>,
): Generator<readonly Item[]> {
  let batch: Item[] = []
  let length = 0
  for (const item of all) {
    if (batch.length > 0 && (length + lengthOf(item) > characters || batch.length >= items)) {
      yield batch
      batch = []
      length = 0
    }
    batch.push(item)
    length += lengthOf(item)
  }
  if (batch.length > 0) yield batch
}
