import { randomBytes, type KeyObject } from 'node:crypto'
import type { MaskedConversations, SealedValue } from '../../../core/masked-conversations.ts'
import type { WrappedRow } from '../../../core/wrapped-rows.ts'
import type { TokenEntry } from '../tokens/token-book.ts'
import { keyForUse } from '../../../sealed/data-key.ts'
import { seal, unseal, type KeyRing } from '../../../sealed/key-ring.ts'
import { rewrapAll, type RewrapCounts } from '../../../sealed/rewrap-all.ts'

/** A conversation that a provider keeps, open for one call. */
export interface OpenConversation {
  /** Of its tokens. */
  readonly tokenKey: KeyObject
  /** What was hidden in its earlier turns. */
  readonly entries: readonly TokenEntry[]
  /** Resolves when the values are kept for good: not before is anything sent. */
  keep(entries: readonly TokenEntry[]): Promise<void>
  /** Later calls that name these ids of this upstream go on with it: that of an answer, and behind it those of its items. */
  answered(upstream: string, ids: readonly string[]): Promise<void>
}

interface AnswerOf {
  readonly principal: string
  readonly upstream: string
}

/**
 * The values of conversations whose earlier turns a provider keeps, each under a data key of its own, which the key of the
 * service wraps. Without the row of its key, nothing of a conversation can be read.
 */
export class Vault {
  readonly #stored: MaskedConversations
  readonly #keys: () => Promise<KeyRing>

  constructor(stored: MaskedConversations, keys: () => Promise<KeyRing>) {
    this.#stored = stored
    this.#keys = keys
  }

  /** The conversation that one of these answers belongs to; null where none is known as the principal's. */
  async find(of: AnswerOf, ids: readonly string[]): Promise<OpenConversation | null> {
    for (const id of ids) {
      const found = await this.#stored.find({ ...of, id })
      if (found === null) continue
      const keys = await this.#keys()
      const { id: conversation, wrappedKey } = found.conversation
      const dataKey = keys.unwrap(wrappedKey, conversation)
      if (!keys.isCurrent(wrappedKey)) {
        await this.#stored.rewrap(found.conversation, keys.wrap(dataKey, conversation))
      }
      return this.#open(of.principal, { conversation: found.conversation, dataKey, values: found.values })
    }
    return null
  }

  /** A conversation that begins. Nothing of it is kept until it has a value. */
  async begin(principal: string): Promise<OpenConversation> {
    const [id, dataKey] = [randomBytes(16).toString('hex'), randomBytes(32)]
    const conversation = { id, wrappedKey: (await this.#keys()).wrap(dataKey, id) }
    return this.#open(principal, { conversation, dataKey, values: [] })
  }

  /** Wraps by the key in use what former ones have wrapped, while conversations go on. Stops where the signal ends it. */
  async rewrap(signal: AbortSignal): Promise<RewrapCounts> {
    return rewrapAll(this.#stored, await this.#keys(), signal)
  }

  forgetAnswer(upstream: string, id: string): Promise<void> {
    return this.#stored.forgetAnswer(upstream, id)
  }

  #open(principal: string, { conversation, dataKey, values }: Parts): OpenConversation {
    const sealing = keyForUse(dataKey, usesOfDataKey.values)
    const about = (token: string): string => aboutOf(conversation.id, token)
    const kept = new Set(values.map(({ token }) => token))
    return {
      tokenKey: keyForUse(dataKey, usesOfDataKey.tokens),
      entries: values.map((value) => openValue(sealing, { conversation: conversation.id, ...value })),
      keep: async (entries) => {
        const added = entries.filter(({ token }) => !kept.has(token))
        if (added.length === 0) return
        const rows = added.map(({ token, category, value, isSurrogate = false }) => {
          const sealed = isSurrogate ? [category, value, isSurrogate] : [category, value]
          return { token, sealed: seal(sealing, JSON.stringify(sealed), about(token)) }
        })
        await this.#stored.keep({ ...conversation, principal }, rows)
        for (const { token } of added) kept.add(token)
      },
      answered: async (upstream, ids) => {
        if (kept.size > 0) await this.#stored.answered(conversation.id, upstream, ids)
      },
    }
  }
}

interface Parts {
  readonly conversation: WrappedRow
  readonly dataKey: Buffer
  readonly values: readonly SealedValue[]
}

/** What the data key of a conversation is for: its uses know nothing of one another. */
export const usesOfDataKey = { values: 'sallyport values 1', tokens: 'sallyport tokens 1' } as const

function aboutOf(conversation: string, token: string): string {
  return `${conversation} ${token}`
}

/** `key`: that of the conversation for its values. Throws for what it did not seal, or sealed for another token. */
export function openValue(
  key: KeyObject,
  { conversation, token, sealed }: SealedValue & { readonly conversation: string },
): TokenEntry {
  const opened = unseal(key, sealed, aboutOf(conversation, token))
  const [category, value, isSurrogate = false] = JSON.parse(opened.toString('utf8')) as readonly [
    string,
    string,
    boolean?,
  ]
  return isSurrogate ? { token, category, value, isSurrogate } : { token, category, value }
}
