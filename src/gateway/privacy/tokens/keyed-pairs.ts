import type { KeyObject } from 'node:crypto'
import { keyedHash } from '../../../core/keyed-hash.ts'
import { canonicalForms } from './canonical.ts'
import { pairCount, pairOf, pairsOfKey } from './spellings.ts'

/** Pairs that all spellings of one value have in common; the last pair tells the spellings apart. */
export const pairsOfValue = pairsOfKey - 1

/** What was done for a key is gone with it. */
const hashes = new WeakMap<KeyObject, ReturnType<typeof keyedHash>>()

/** HMAC-SHA-256 of a text under the conversation's key. */
export function digestBy(key: KeyObject, text: string): Buffer {
  let hashed = hashes.get(key)
  if (hashed === undefined) {
    hashed = keyedHash(key.export())
    hashes.set(key, hashed)
  }
  return hashed(text)
}

/** The keyed part of a token, by HMAC-SHA-256 of a text under the conversation's key. */
export function keyedPairs(key: KeyObject, text: string): string {
  const digest = digestBy(key, text)
  let pairs = ''
  for (let pair = 0; pair < pairsOfKey; pair += 1) pairs += pairOf(digest.readUInt32BE(pair * 4) % pairCount)
  return pairs
}

/** What the pairs of a value are made of that all of its spellings have in common. */
export function pairsText(label: string, canonical: string): string {
  return `value\0${label}\0${canonical}`
}

/** `EMAIL_B1C2D3F4G5`, and nothing that stands for a number or in the form of a value. */
const keyedToken = /^([A-Z]+)_((?:[B-DF-HJ-NP-TV-Z]\d){5})$/

/**
 * Says of tokens of one conversation whether they may stand for a value, by nothing but their digests: `no`, `perhaps` for one
 * whose digest fits or that has none.
 */
export class TokensOfValue {
  readonly #key: KeyObject
  readonly #forms: readonly string[]
  readonly #byLabel = new Map<string, ReadonlySet<string>>()

  /** `key`: that of the conversation's tokens. */
  constructor(key: KeyObject, value: string) {
    this.#key = key
    this.#forms = canonicalForms(value)
  }

  mayStandFor(token: string): 'no' | 'perhaps' {
    const [, label, pairs = ''] = keyedToken.exec(token) ?? []
    if (label === undefined) return 'perhaps'
    const digests = this.#byLabel.get(label) ?? this.#digests(label)
    return digests.has(pairs.slice(0, pairsOfValue * 2)) ? 'perhaps' : 'no'
  }

  #digests(label: string): ReadonlySet<string> {
    const digests = this.#forms.map((form) => keyedPairs(this.#key, pairsText(label, form)).slice(0, pairsOfValue * 2))
    const known = new Set(digests)
    this.#byLabel.set(label, known)
    return known
  }
}
