import { asList, isStruct, type Struct } from '../../syntax-tree.ts'

/** Where parts of a printed text stood in the source: printed and source, in bytes, one after the other. */
export type Places = readonly number[]

/** Pairs of places of two trees that say the same, sorted by the place in the print. */
export function pairPlaces(sent: unknown, printed: unknown): Places {
  const pairs: (readonly [printed: number, sent: number])[] = []
  visitTwins(sent, printed, (left, right) => {
    if (typeof left['location'] !== 'number' || typeof right['location'] !== 'number') return
    pairs.push([right['location'], left['location']])
  })
  return pairs.sort(([left], [right]) => left - right).flat()
}

/** The byte of the source that a byte of the print comes from: that of the last part that begins there or before. */
export function sourceOffset(places: Places, offset: number): number {
  let found = 0
  for (let index = 0; index < places.length; index += 2) {
    if ((places[index] ?? 0) > offset) break
    found = places[index + 1] ?? 0
  }
  return found
}

/** The byte of the print that a byte of the source went to; -1 where no part begins there. */
export function printedOffset(places: Places, offset: number): number {
  for (let index = 1; index < places.length; index += 2) {
    if (places[index] === offset) return places[index - 1] ?? -1
  }
  return -1
}

/** Where a part of one tree stands in the print of the other; -1 where it does not say. */
export function placeOfTwin(part: Struct, sent: unknown, printed: unknown): number {
  let found = -1
  visitTwins(sent, printed, (left, right) => {
    if (left === part && typeof right['location'] === 'number') found = right['location']
  })
  return found
}

function visitTwins(left: unknown, right: unknown, visit: (left: Struct, right: Struct) => void): void {
  if (Array.isArray(left)) {
    left.forEach((item, index) => visitTwins(item, asList(right)[index], visit))
  } else if (isStruct(left) && isStruct(right)) {
    visit(left, right)
    for (const field in left) visitTwins(left[field], right[field], visit)
  }
}
