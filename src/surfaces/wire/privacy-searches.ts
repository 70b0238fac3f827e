import { z } from 'zod'
import type { ValueSearchResult } from '../../gateway/privacy/vault/value-search.ts'

/** Of a conversation that is kept. */
export const conversationId = z.string().regex(/^[0-9a-f]{32}$/, 'must be the id of a conversation that was found')

/** `POST /v1/privacy/searches` */
export const searchRequest = z.strictObject({
  value: z
    .string()
    .min(1, { error: 'must not be empty' })
    .max(1_000, { error: 'must have 1000 characters at most' })
    .describe('The whole value, in any of its spellings.'),
  after: conversationId.nullable().default(null).describe('What an answer has under next, to go on behind it.'),
})

/** The answer to `POST /v1/privacy/searches`. */
export const searchResult = z.object({
  object: z.literal('privacy-search'),
  found: z.array(z.object({ conversation: conversationId, kinds: z.array(z.string()) })),
  searched: z.object({ conversations: z.int(), values: z.int() }),
  unopened: z.int(),
  next: conversationId.nullable(),
})

export type SearchResultJson = z.infer<typeof searchResult>

export function toSearchResult({ found, searched, unopened, next }: ValueSearchResult): SearchResultJson {
  const listed = found.map(({ conversation, kinds }) => ({ conversation, kinds: [...kinds] }))
  return { object: 'privacy-search', found: listed, searched: { ...searched }, unopened, next }
}
