import type { Conversation, Conversations, Run } from '../core/conversations.ts'
import { ServiceError } from '../core/errors.ts'
import type { TokenUsage } from '../core/events.ts'
import { isId } from '../core/new-id.ts'
import type { Files } from '../core/stored-files.ts'
import { explainRun } from '../sessions/explain-run.ts'
import { deleteFilesOf } from '../sessions/delete-files.ts'
import type { ConversationKeeper } from './conversation-keeper.ts'
import { exportConversation } from './export-conversation.ts'

interface OwnConversationsParts {
  readonly principal: string
  readonly conversations: Conversations
  readonly files: Pick<Files, 'list' | 'delete'>
  /** Hosts of the operator's own. */
  readonly linkHosts: readonly string[]
}

const runsAtOnce = 100
/** Where the last questions are looked for. */
const conversationsLooked = 10
const itemsLooked = 100

/** The conversations of one principal, as they stand in the storage. */
export function createOwnConversations(parts: OwnConversationsParts): ConversationKeeper {
  const { principal, conversations, files } = parts
  const runsOf = async function* (id: string): AsyncGenerator<Run> {
    for (let after: string | undefined, more = true; more;) {
      const page = await conversations.runs(principal, id, { after, most: runsAtOnce })
      if (page === null) throw noConversation(id)
      yield* page
      after = page.at(-1)?.id
      more = page.length === runsAtOnce
    }
  }
  const lastRun = async (id: string): Promise<Run | null> => {
    if ((await conversations.show(principal, id)) === null) throw noConversation(id)
    return conversations.lastRun(principal, id)
  }
  return {
    list: async (page) => (await conversations.list(principal, page)).map(factsOf),
    async show(id) {
      const found = await conversations.show(principal, id)
      if (found === null) throw noConversation(id)
      return factsOf(found)
    },
    async lastQuestions(most) {
      const questions: string[] = []
      for (const { id } of await conversations.list(principal, { most: conversationsLooked })) {
        const items = (await conversations.items(principal, id, { most: itemsLooked, order: 'desc' })) ?? []
        for (const { item } of items) if (item.type === 'message' && item.role === 'user') questions.push(item.content)
        if (questions.length >= most) break
      }
      return questions.slice(0, most).toReversed()
    },
    async export(id, format) {
      const file = await exportConversation(parts, { principal, id, format })
      if (file === null) throw noConversation(id)
      return file
    },
    async usage(id) {
      let usage: TokenUsage = { inputTokens: 0, outputTokens: 0 }
      for await (const { end } of runsOf(id)) {
        if (end === null) continue
        const { inputTokens, outputTokens } = end.usage
        usage = { inputTokens: usage.inputTokens + inputTokens, outputTokens: usage.outputTokens + outputTokens }
      }
      return usage
    },
    async explain(id) {
      const run = isId('conv', id) ? await lastRun(id) : await conversations.showRun(principal, id)
      const items = run === null ? null : await conversations.runItems(principal, run.id)
      if (run === null || items === null) throw noRun(id)
      return explainRun(run, items)
    },
    async undo(id) {
      const last = await lastRun(id)
      if (last === null) return false
      if (last.state === 'running') throw stillRuns()
      await deleteFilesOf(files, principal, { run: last.id })
      return conversations.deleteRun(principal, last.id)
    },
    async delete(id) {
      if (!(await conversations.delete(principal, id))) throw noConversation(id)
      await deleteFilesOf(files, principal, { conversation: id })
    },
  }
}

function factsOf({ id, title, made, used }: Conversation) {
  return { id, title, made, used }
}

function stillRuns(): ServiceError {
  return new ServiceError('conflict', 'The last question of this conversation is still being answered.', {
    advice: 'Wait for its end, or cancel it where it runs.',
  })
}

function noRun(id: string): ServiceError {
  return new ServiceError('not-found', `There is no run "${id.slice(0, 100)}".`, {
    advice: 'Name one (run_…), or a conversation for its last one; "sallyport sessions list" shows conversations.',
  })
}

function noConversation(id: string): ServiceError {
  return new ServiceError('not-found', `There is no conversation "${id.slice(0, 100)}".`, {
    advice: '"sallyport sessions list" shows those that are kept.',
  })
}
