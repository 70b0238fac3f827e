import type { RequestHandler } from 'express'
import type { Conversations } from '../../core/conversations.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { searchConversations } from '../../sessions/search-conversations.ts'
import { principalOf } from '../caller.ts'
import { conversationSearchRequest, toSearchResult } from '../wire/conversation-searches.ts'
import { during } from './during.ts'

/** `POST /v1/conversations/searches`: in which of the caller's conversations something was said, newest first. */
export function searchOwnConversations(vault: () => Promise<Conversations>, stopping: AbortSignal): RequestHandler {
  return async (request, response) => {
    const { text, limit, after } = parseRequest(conversationSearchRequest, request.body)
    const { id: principal } = principalOf(response)
    const conversations = await vault()
    const asked = { principal, text, after: after ?? undefined, most: limit ?? 20 }
    const result = await during(response, stopping, (signal) => searchConversations(conversations, asked, signal))
    response.status(200).setHeader('cache-control', 'no-store').json(toSearchResult(result))
  }
}
