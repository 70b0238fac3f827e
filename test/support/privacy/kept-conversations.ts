import { randomBytes } from 'node:crypto'
import type { KeptValue, KeptValues } from '../../../src/core/kept-values.ts'
import type { MaskedConversations } from '../../../src/core/masked-conversations.ts'
import { KeyRing } from '../../../src/sealed/key-ring.ts'
import { Vault } from '../../../src/gateway/privacy/vault/vault.ts'
import { Labels } from '../../../src/gateway/privacy/tokens/labels.ts'
import { TokenBook } from '../../../src/gateway/privacy/tokens/token-book.ts'

/** Kinds and values, as masking would hand them to a book of tokens. */
export type Said = readonly (readonly [kind: string, value: string])[]

/** Conversations that the real vault sealed, in memory, with what a search reads of them. */
export class KeptConversations {
  readonly values: KeptValue[] = []
  readonly #key: Buffer

  constructor(key: Buffer = Buffer.alloc(32, 1)) {
    this.#key = key
  }

  /** Keeps a conversation in which this was hidden, and gives its id. */
  async add(
    said: Said,
    { numbers = [], surrogates = [] }: { numbers?: Said; surrogates?: Said } = {},
  ): Promise<string> {
    let id = ''
    const keep: MaskedConversations['keep'] = async (conversation, sealed) => {
      id = conversation.id
      for (const value of sealed) {
        this.values.push({ conversation: id, wrappedKey: conversation.wrappedKey, ...value })
      }
    }
    const stored = { keep } as MaskedConversations
    const vault = new Vault(stored, async () => new KeyRing(this.#key, []))
    const open = await vault.begin('k1')
    const book = new TokenBook(open.tokenKey, new Labels(['custom/badge']))
    for (const [kind, value] of said) book.tokenFor(kind, value)
    for (const [kind, digits] of numbers) book.numberFor(kind, digits, () => false)
    for (const [category, value] of surrogates) {
      book.add({ token: `surrogate-${randomBytes(4).toString('hex')}`, category, value, isSurrogate: true })
    }
    await open.keep([...book.entries()])
    this.values.sort((one, other) => (one.conversation + one.token < other.conversation + other.token ? -1 : 1))
    return id
  }

  get stored(): KeptValues {
    return {
      page: async (_by, { after, most }) =>
        this.values
          .filter(({ conversation, token }) => {
            if (after === null) return true
            if (conversation !== after.conversation) return conversation > after.conversation
            return after.token !== null && token > after.token
          })
          .slice(0, most),
      forget: async () => false,
    }
  }
}
