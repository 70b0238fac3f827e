/** So many characters in a row are looked for; what is shorter is not known here. */
const length = 8
const bits = 1 << 20
const base = 31
/** `base` to the power of `length - 1`, as 32 bits. */
const first = Array.from({ length: length - 1 }).reduce<number>((power) => Math.imul(power, base), 1)

/**
 * Which runs of eight characters stand in texts, so that most of what stands in none of them is told without looking through
 * them: 128 KB, whatever they are. It may take something for being there, and never the other way round.
 */
export class TextGrams {
  readonly #known = new Uint32Array(bits / 32)

  add(text: string): void {
    forEachGram(text, (hash) => {
      this.#known[hash >>> 5]! |= 1 << (hash & 31)
      return true
    })
  }

  /** Can one of the texts hold this? */
  mayHold(text: string): boolean {
    return forEachGram(text, (hash) => (this.#known[hash >>> 5]! & (1 << (hash & 31))) !== 0)
  }
}

/** Gives the hash of each run until one is answered with no; are all answered with yes? */
function forEachGram(text: string, take: (hash: number) => boolean): boolean {
  let hash = 0
  for (let at = 0; at < text.length; at += 1) {
    if (at >= length) hash = (hash - Math.imul(text.charCodeAt(at - length), first)) | 0
    hash = (Math.imul(hash, base) + text.charCodeAt(at)) | 0
    if (at >= length - 1 && !take((hash ^ (hash >>> 15)) & (bits - 1))) return false
  }
  return true
}
