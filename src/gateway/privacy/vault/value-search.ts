import type { KeptBy, KeptPlace, KeptValue, KeptValues } from '../../../core/kept-values.ts'
import { canonicalOf } from '../tokens/canonical.ts'
import { TokensOfValue } from '../tokens/keyed-pairs.ts'
import { keyForUse } from '../../../sealed/data-key.ts'
import type { KeyRing } from '../../../sealed/key-ring.ts'
import { openValue, usesOfDataKey } from './vault.ts'

/** A conversation that holds the value, and as what it was hidden there. */
export interface FoundConversation {
  readonly conversation: string
  readonly kinds: readonly string[]
}

export interface ValueSearchResult {
  readonly found: readonly FoundConversation[]
  /** How much was looked at. */
  readonly searched: { readonly conversations: number; readonly values: number }
  /** Conversations with something that could not be opened, since its key is not there or it was changed: they may hold the value. */
  readonly unopened: number
  /** The conversation behind which the search goes on; null where all were looked at. */
  readonly next: string | null
}

export interface ValueSearchOptions {
  /** Goes on behind this conversation. */
  readonly after: string | null
  readonly signal: AbortSignal
  /** Milliseconds since any fixed point. */
  readonly elapsed?: () => number
}

/** Values of one reading. */
const pieceLength = 500
/** Milliseconds after which a search ends with the conversation it is in. */
export const longestSearch = 15_000
const mostFound = 1_000

/**
 * Looks for a value in conversations that are kept. Each has a key of its own and there is no index, so each is tried: its key is
 * unwrapped, and its tokens are compared with the digest of the value under it. Opened is only what fits, and what has no digest:
 * numbers and surrogates.
 */
export class ValueSearch {
  readonly #stored: KeptValues
  readonly #keys: () => Promise<KeyRing>

  constructor(stored: KeptValues, keys: () => Promise<KeyRing>) {
    this.#stored = stored
    this.#keys = keys
  }

  /** Throws the reason of the signal where it ends the search. */
  async find(by: KeptBy, value: string, options: ValueSearchOptions): Promise<ValueSearchResult> {
    const { after, signal, elapsed = () => performance.now() } = options
    const keys = await this.#keys()
    const began = elapsed()
    const found: FoundConversation[] = []
    let place: KeptPlace | null = after === null ? null : { conversation: after, token: null }
    let current: Tried | null = null
    let [conversations, values, unopened] = [0, 0, 0]
    const end = (): void => {
      if (current === null) return
      if (current.kinds.size > 0) found.push({ conversation: current.conversation, kinds: [...current.kinds] })
      if (current.isUnopened) unopened += 1
    }
    for (;;) {
      signal.throwIfAborted()
      const piece: readonly KeptValue[] = await this.#stored.page(by, { after: place, most: pieceLength })
      for (const kept of piece) {
        if (kept.conversation !== current?.conversation) {
          const last: string | null = current?.conversation ?? null
          end()
          if (last !== null && (elapsed() - began > longestSearch || found.length >= mostFound)) {
            return { found, searched: { conversations, values }, unopened, next: last }
          }
          current = new Tried(kept, keys, value)
          conversations += 1
        }
        current.look(kept)
        values += 1
        place = { conversation: kept.conversation, token: kept.token }
      }
      if (piece.length < pieceLength) break
    }
    end()
    return { found, searched: { conversations, values }, unopened, next: null }
  }
}

/** One conversation in which the value is looked for. */
class Tried {
  readonly conversation: string
  readonly kinds = new Set<string>()
  isUnopened = false
  readonly #value: string
  readonly #dataKey: Buffer | null
  readonly #tokens: TokensOfValue | null

  constructor({ conversation, wrappedKey }: KeptValue, keys: KeyRing, value: string) {
    this.conversation = conversation
    this.#value = value
    this.#dataKey = unwrapped(keys, wrappedKey, conversation)
    this.isUnopened = this.#dataKey === null
    this.#tokens =
      this.#dataKey === null ? null : new TokensOfValue(keyForUse(this.#dataKey, usesOfDataKey.tokens), value)
  }

  look({ token, sealed }: KeptValue): void {
    if (this.#dataKey === null || this.#tokens?.mayStandFor(token) !== 'perhaps') return
    const opened = this.#open(this.#dataKey, token, sealed)
    if (opened === null) this.isUnopened = true
    else if (canonicalOf(opened.category, opened.value) === canonicalOf(opened.category, this.#value)) {
      this.kinds.add(opened.category)
    }
  }

  #open(dataKey: Buffer, token: string, sealed: string) {
    try {
      return openValue(keyForUse(dataKey, usesOfDataKey.values), { conversation: this.conversation, token, sealed })
    } catch {
      return null
    }
  }
}

function unwrapped(keys: KeyRing, wrappedKey: string, conversation: string): Buffer | null {
  try {
    return keys.unwrap(wrappedKey, conversation)
  } catch {
    return null
  }
}
