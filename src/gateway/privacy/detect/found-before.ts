import { hash, randomBytes } from 'node:crypto'
import type { FilterPart } from '../../../filters/filter.ts'
import type { Detect, DetectedValue } from '../mask/mask-body.ts'

/** For whom, and by whose rules, values are found: nothing that one of them has said makes a call of another one faster. */
export interface FindingScope {
  readonly principal: string
  /** The person behind the principal; null where the call names none. */
  readonly endUser: string | null
  readonly group: string
  /** Name of the privacy profile. */
  readonly profile: string
  readonly level: string
}

type Found = readonly Omit<DetectedValue, 'part'>[]

/** To look at a shorter text takes no longer than to make its digest. */
const shortestRemembered = 48
/** Of two generations, each: texts, and values in them. */
const mostTexts = 8_192
const mostValues = 65_536
/** Characters of a digest in base64, 132 bits: no two texts of one service have the same. */
const digestLength = 22

const nothing: Found = []

/**
 * Remembers where values were found in texts, so that the earlier turns of a conversation, and instructions that stand before
 * each, are looked through once. Kept are a digest of the text, under a key that is gone with the process, and places and
 * kinds: neither the text nor a value. What was not asked for for long is forgotten.
 */
export class FoundBefore {
  readonly #key = randomBytes(32).toString('hex')
  #recent = new Map<string, Found>()
  #earlier = new Map<string, Found>()
  #values = 0

  /** The same detector for one scope, which is not asked again about a text. `detect` has to decide on each text by itself. */
  remembering(detect: Detect, { principal, endUser, group, profile, level }: FindingScope): Detect {
    const scope = JSON.stringify([principal, endUser, group, profile, level])
    return async (parts, signal) => {
      signal.throwIfAborted()
      const keys = parts.map((part) => this.#keyOf(scope, part))
      const results = keys.map((key) => (key === null ? undefined : this.#find(key)))
      const asked = [...parts.keys()].filter((index) => results[index] === undefined)
      if (asked.length > 0) {
        const texts = asked.map((index) => parts[index]).filter((part) => part !== undefined)
        const byText = Map.groupBy(await detect(texts, signal), ({ part }) => part)
        for (const [at, index] of asked.entries()) {
          const found = byText.get(at)?.map(withoutPart) ?? nothing
          results[index] = found
          const key = keys[index] ?? null
          if (key !== null) this.#keep(key, found)
        }
      }
      return results.flatMap((found = nothing, part) => found.map((value) => ({ part, ...value })))
    }
  }

  /** Of everything that a detector goes by; null for what is not remembered. */
  #keyOf(scope: string, { text, label, isCompared = false, provenance, ...more }: FilterPart): string | null {
    // Half of a pair of surrogates has no bytes of its own: a digest would take one for another.
    if (text.length < shortestRemembered || Object.keys(more).length > 0 || !text.isWellFormed()) return null
    const about = JSON.stringify([label ?? null, isCompared, provenance])
    // Nobody sees a digest, so that the key before the text is enough for it to be one of this service's.
    return hash('sha256', this.#key + scope + about + text, 'base64').slice(0, digestLength)
  }

  #find(key: string): Found | undefined {
    const recent = this.#recent.get(key)
    if (recent !== undefined) return recent
    const earlier = this.#earlier.get(key)
    if (earlier !== undefined) this.#keep(key, earlier)
    return earlier
  }

  #keep(key: string, found: Found): void {
    if (found.length > mostValues) return
    if (this.#recent.size >= mostTexts || this.#values + found.length > mostValues) {
      this.#earlier = this.#recent
      this.#recent = new Map()
      this.#values = 0
    }
    this.#recent.set(key, found)
    this.#values += found.length
  }
}

const withoutPart = ({ start, end, category, action, score }: DetectedValue) => ({
  start,
  end,
  category,
  action,
  ...(score === undefined ? {} : { score }),
})
