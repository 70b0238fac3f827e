import { randomBytes } from 'node:crypto'
import { newId } from '../../../src/core/new-id.ts'
import type { ShareFacts } from '../../../src/core/shares.ts'
import { ConversationVault } from '../../../src/sealed/conversation-vault.ts'
import { KeyRing } from '../../../src/sealed/key-ring.ts'
import { ShareVault } from '../../../src/sealed/share-vault.ts'
import type { Storage } from '../../../src/storage/storage.ts'

/** What a share is made with beside what is usual here: for the group `team`, by `alice`, for a day. */
export type OwnShare = Partial<Omit<ShareFacts, 'id' | 'conversation'>> & { readonly title?: string }

interface KeptShares {
  readonly vault: ShareVault
  /** Keeps one of a conversation that is made for it; its id. */
  keep(own?: OwnShare): Promise<string>
}

/** Shares of a storage, sealed by a key of their own unless there is another one. */
export function keptShares(
  storage: Pick<Storage, 'conversations' | 'shares'>,
  ring = new KeyRing(randomBytes(32), []),
): KeptShares {
  const conversations = new ConversationVault(storage.conversations, async () => ring, Date.now)
  const vault = new ShareVault(storage.shares, async () => ring)
  return {
    vault,
    async keep({ title = 'What sold best', ...own } = {}) {
      const principal = own.principal ?? 'alice'
      const { id: conversation } = await conversations.create(principal, { title: null, metadata: {} }, [])
      const made = own.made ?? new Date()
      const facts: ShareFacts = {
        principal,
        audience: 'group',
        group: 'team',
        secretDigest: null,
        expires: new Date(made.getTime() + 86_400_000),
        ...own,
        made,
        id: newId('shr', made.getTime()),
        conversation,
      }
      const added = await vault.add(facts, { title, items: [{ type: 'message', role: 'user', text: 'Which?' }] }, 1_000)
      if (added !== 'added') throw new Error(`The share was not kept: ${added}.`)
      return facts.id
    },
  }
}
