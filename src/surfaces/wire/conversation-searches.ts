import { z } from 'zod'
import type { SearchResult } from '../../sessions/search-conversations.ts'
import { toConversation } from './conversations.ts'

/** `POST /v1/conversations/searches` */
export const conversationSearchRequest = z.strictObject({
  text: z
    .string()
    .max(200, 'must have 200 characters at most')
    .regex(/\S/, 'must be more than spaces')
    .describe('What is looked for, whatever the case of its letters.'),
  limit: z.int().min(1).max(100).nullish().describe('Conversations that are found at most; 20 without it.'),
  after: z
    .string()
    .regex(/^conv_[0-9a-f]{32}$/, 'must be the id of a conversation')
    .nullish()
    .describe('Goes on behind it: the `last_id` of the answer before.'),
})

export const conversationSearchResult = (conversation: z.ZodType) =>
  z.object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        conversation,
        matches: z.array(
          z.object({
            item: z.string().nullable().describe('Null for the title.'),
            where: z.enum(['title', 'question', 'answer', 'instructions', 'code', 'result', 'file']),
            excerpt: z.string(),
            start: z.int().min(0).describe('Where it stands in the excerpt, in UTF-16 units.'),
            length: z.int().min(1),
          }),
        ),
      }),
    ),
    searched: z.int().min(0).describe('Conversations that were looked at for this answer.'),
    last_id: z.string().nullable().describe('The last of them; null where all were looked at.'),
    has_more: z.boolean().describe('Are there conversations that were not looked at?'),
  })

export function toSearchResult({ found, searched, last }: SearchResult) {
  return {
    object: 'list',
    data: found.map(({ conversation, matches }) => ({ conversation: toConversation(conversation), matches })),
    searched,
    last_id: last,
    has_more: last !== null,
  }
}
