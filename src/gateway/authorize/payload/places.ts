import type { TextSource } from './text-source.ts'

/** So many places are told one by one. */
const most = 500

interface Found {
  readonly source: TextSource
  readonly place: string
  readonly count: number
  readonly score?: number
}

/**
 * Adds what was found at a place to what is known of it. Of places after the first 500 each kind and source is told once, at
 * the first of them, with how often at all: however much stands before it, nothing is hidden from rules.
 */
export function addAtPlace<Entry extends Found>(
  places: Map<string, Entry>,
  { kind, path }: { readonly kind: string; readonly path: string },
  found: Entry,
): void {
  const own = `${kind} ${path}`
  const key = places.has(own) || places.size < most ? own : `\n${kind} ${found.source}`
  const known = places.get(key)
  places.set(key, known === undefined ? found : added(known, found))
}

function added<Entry extends Found>(known: Entry, { count, score }: Found): Entry {
  const surest = score === undefined ? {} : { score: Math.max(known.score ?? 0, score) }
  return { ...known, ...surest, count: known.count + count }
}
