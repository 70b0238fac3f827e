import type { MaskedConversations, SealedConversation, SealedValue } from '../../../src/core/masked-conversations.ts'

/** What the storage keeps of conversations, for a test that has none. */
export function maskedConversationsInMemory(): MaskedConversations {
  const conversations = new Map<string, SealedConversation & { readonly principal: string }>()
  const values = new Map<string, SealedValue[]>()
  const answers = new Map<string, string>()
  const keyOf = (upstream: string, id: string): string => `${upstream} ${id}`
  const forget = (id: string): void => {
    conversations.delete(id)
    values.delete(id)
  }
  return {
    async find({ principal, upstream, id }) {
      const conversation = conversations.get(answers.get(keyOf(upstream, id)) ?? '')
      if (conversation?.principal !== principal) return null
      return { conversation, values: values.get(conversation.id) ?? [] }
    },
    async keep(conversation, added) {
      conversations.set(conversation.id, { ...conversation, ...conversations.get(conversation.id) })
      values.set(conversation.id, [...(values.get(conversation.id) ?? []), ...added])
    },
    async wrappedOtherwise(prefix, after, most) {
      return [...conversations.values()]
        .filter(({ id, wrappedKey }) => id > after && !wrappedKey.startsWith(prefix))
        .toSorted((one, other) => (one.id < other.id ? -1 : 1))
        .slice(0, most)
    },
    async rewrap({ id, wrappedKey: from }, wrappedKey) {
      const known = conversations.get(id)
      if (known?.wrappedKey === from) conversations.set(id, { ...known, wrappedKey })
    },
    async answered(conversation, upstream, ids) {
      for (const id of ids) answers.set(keyOf(upstream, id), conversation)
    },
    async forgetAnswer(upstream, id) {
      const conversation = answers.get(keyOf(upstream, id)) ?? ''
      answers.delete(keyOf(upstream, id))
      if (![...answers.values()].includes(conversation)) forget(conversation)
    },
    async forgetAll(principal) {
      const theirs = [...conversations.values()].filter((each) => each.principal === principal)
      for (const { id } of theirs) forget(id)
      return theirs.length
    },
  }
}
