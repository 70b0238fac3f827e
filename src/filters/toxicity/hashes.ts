const offset = 0x811c9dc5
const prime = 0x01000193

/** The hash that a word begins with (FNV-1a). */
export const emptyHash = offset | 0

export const addToHash = (hash: number, code: number): number => Math.imul(hash ^ code, prime)

/** Mixes two numbers of 32 bits into one. */
export function mix(one: number, other: number): number {
  let mixed = Math.imul(one ^ (other + 0x9e3779b9), 0x85ebca6b)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return mixed ^ (mixed >>> 13)
}

/** The hash of a word in small letters, as `Words` has it. */
export function hashOf(word: string): number {
  let hash = emptyHash
  for (let at = 0; at < word.length; at += 1) hash = addToHash(hash, word.charCodeAt(at))
  return mix(hash, word.length)
}

/** The hash of a phrase of which the words before have this one. */
export const phraseHash = (before: number, word: number): number => mix(before, word ^ 0x5bd1e995)
