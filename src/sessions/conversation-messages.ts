import type { ConversationItem, KeptItem } from '../core/conversations.ts'
import type { ConversationMessage } from '../core/request.ts'

/** Characters of a result that the next turn is told. */
const shownCharacters = 1_000

/**
 * What was said as the messages of the next turn. Of what tools did, a model is told the summary that its caller was: results in full are in the files of
 * the session, as long as that is there.
 */
export function conversationMessages(items: readonly Pick<KeptItem, 'item'>[]): readonly ConversationMessage[] {
  const messages: ConversationMessage[] = []
  for (const { item } of items) {
    // What a model meant to do for another question is nothing that anybody has said.
    if (item.type === 'plan') continue
    const message = messageOf(item)
    const last = messages.at(-1)
    if (last?.role === 'assistant' && message.role === 'assistant') {
      messages[messages.length - 1] = { role: 'assistant', content: `${last.content}\n\n${message.content}` }
    } else messages.push(message)
  }
  return messages
}

function messageOf(item: Exclude<ConversationItem, { readonly type: 'plan' }>): ConversationMessage {
  if (item.type === 'message') return { role: item.role, content: item.content }
  return { role: 'assistant', content: item.type === 'artifact' ? `[made the file ${item.name}]` : toolLine(item) }
}

function toolLine({ tool, outcome }: Extract<ConversationItem, { readonly type: 'tool-use' }>): string {
  const said =
    outcome.kind === 'result'
      ? outcome.summary
      : `${outcome.kind === 'refusal' ? 'was refused' : 'failed'}: ${outcome.message}`
  return `[${tool}: ${said.length > shownCharacters ? `${said.slice(0, shownCharacters)}…` : said}]`
}
