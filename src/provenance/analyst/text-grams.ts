/** So many characters in a row are looked for; what is shorter is not known here. */
const length = 8
/** For each character, so that a part of a text that stands in none is told by its first few runs. */
const bitsPerCharacter = 4
const fewestBits = 1 << 10
const mostBits = 1 << 20
const base = 31
/** `base` to the power of `length - 1`, as 32 bits. */
const first = Array.from({ length: length - 1 }).reduce<number>((power) => Math.imul(power, base), 1)

/**
 * Which runs of eight characters stand in texts, so that most of what stands in none of them is told without looking through
 * them: up to a byte for each of their characters, and never more than 128 KB. It may take something for being there, and never
 * the other way round.
 */
export class TextGrams {
  readonly #known: Uint32Array

  /** `characters`: of all texts that are going to be added. Where there are more, more is taken for being there. */
  constructor(characters: number) {
    let bits = fewestBits
    while (bits < mostBits && bits < characters * bitsPerCharacter) bits *= 2
    this.#known = new Uint32Array(bits / 32)
  }

  /** For texts of so many characters another one would be no larger. */
  isLargeEnough(characters: number): boolean {
    const bits = this.#known.length * 32
    return bits === mostBits || bits >= characters * bitsPerCharacter
  }

  add(text: string): void {
    const known = this.#known
    const places = known.length * 32 - 1
    forEachGram(text, (hash) => {
      known[(hash & places) >>> 5]! |= 1 << (hash & 31)
      return true
    })
  }

  /** Can one of the texts hold this? */
  mayHold(text: string): boolean {
    const known = this.#known
    const places = known.length * 32 - 1
    return forEachGram(text, (hash) => (known[(hash & places) >>> 5]! & (1 << (hash & 31))) !== 0)
  }
}

/** Gives the hash of each run until one is answered with no; are all answered with yes? */
function forEachGram(text: string, take: (hash: number) => boolean): boolean {
  let hash = 0
  for (let at = 0; at < text.length; at += 1) {
    if (at >= length) hash = (hash - Math.imul(text.charCodeAt(at - length), first)) | 0
    hash = (Math.imul(hash, base) + text.charCodeAt(at)) | 0
    if (at >= length - 1 && !take(hash ^ (hash >>> 15))) return false
  }
  return true
}
