import type { MaskedConversations, SealedValue } from '../../../src/core/masked-conversations.ts'
import type { WrappedRow } from '../../../src/core/wrapped-rows.ts'

/** What the storage keeps of conversations, for a test that has none. */
export function maskedConversationsInMemory(): MaskedConversations {
  const conversations = new Map<string, WrappedRow & { readonly principal: string }>()
  const values = new Map<string, SealedValue[]>()
  const answers = new Map<string, { readonly conversation: string; readonly partOf: string }>()
  const keyOf = (upstream: string, id: string): string => `${upstream} ${id}`
  const forget = (id: string): void => {
    conversations.delete(id)
    values.delete(id)
  }
  return {
    async find({ principal, upstream, id }) {
      const conversation = conversations.get(answers.get(keyOf(upstream, id))?.conversation ?? '')
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
      const partOf = keyOf(upstream, ids[0] ?? '')
      for (const id of ids) {
        if (!answers.has(keyOf(upstream, id))) answers.set(keyOf(upstream, id), { conversation, partOf })
      }
    },
    async forgetAnswer(upstream, id) {
      const gone = [...answers].filter(([key, { partOf }]) => [key, partOf].includes(keyOf(upstream, id)))
      for (const [key] of gone) answers.delete(key)
      const left = new Set([...answers.values()].map(({ conversation }) => conversation))
      for (const [, { conversation }] of gone) if (!left.has(conversation)) forget(conversation)
    },
    async forgetAll(principal) {
      const theirs = [...conversations.values()].filter((each) => each.principal === principal)
      for (const { id } of theirs) forget(id)
      return theirs.length
    },
  }
}
