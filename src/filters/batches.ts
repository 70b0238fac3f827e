import type { FilterPart } from './filter.ts'

/** Texts are gathered up to so many characters, which take a detector a few milliseconds. */
export const batchCharacters = 8_192
const batchParts = 256

/** Some parts, and how many stand before them. */
export interface Batch {
  readonly parts: FilterPart[]
  readonly offset: number
}

/** Parts in their order, as many together as are looked at in one turn of the event loop. */
export function* batchesOf(parts: Iterable<FilterPart>): Generator<Batch> {
  let batch: FilterPart[] = []
  let characters = 0
  let offset = 0
  for (const part of parts) {
    batch.push(part)
    characters += part.text.length
    if (characters < batchCharacters && batch.length < batchParts) continue
    yield { parts: batch, offset }
    offset += batch.length
    batch = []
    characters = 0
  }
  if (batch.length > 0) yield { parts: batch, offset }
}
