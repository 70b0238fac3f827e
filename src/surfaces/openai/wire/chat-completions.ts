import { z } from 'zod'
import type { JsonValue } from '../../../core/json.ts'
import type { ConversationMessage } from '../../../core/request.ts'
import { unsupportedHistory, unsupportedMembers } from './unsupported.ts'

const textPart = z.looseObject({
  type: z.literal('text', { error: 'must be "text": pictures, sound and files are not read here' }),
  text: z.string(),
})

const content = z.union([z.string(), z.array(textPart).max(1_000, { error: 'must hold at most 1000 parts' })], {
  error: 'must be a string or a list of {"type":"text","text":…} parts',
})

const message = z
  .looseObject({
    role: z.enum(['system', 'developer', 'user', 'assistant'], {
      error: 'must be system, developer, user or assistant: tools run on this side',
    }),
    content: content.nullish(),
    ...unsupportedHistory,
  })
  .refine((value) => value.role === 'assistant' || (value.content !== null && value.content !== undefined), {
    path: ['content'],
    error: 'must be a string or a list of {"type":"text","text":…} parts',
  })

const count = z.int({ error: 'must be a whole number' }).min(1, { error: 'must be at least 1' }).nullish()
const between = (least: number, most: number) => {
  const error = `must be a number from ${least} to ${most}`
  return z.number({ error }).min(least, { error }).max(most, { error }).nullish()
}

/** Members that are checked and not used: a caller who sends a wrong value gets an error instead of silence. */
const ownSettings = {
  max_tokens: count,
  max_completion_tokens: count,
  temperature: between(0, 2),
  top_p: between(0, 1),
  presence_penalty: between(-2, 2),
  frequency_penalty: between(-2, 2),
}

const isBlank = ({ content: body }: z.infer<typeof message>): boolean =>
  (typeof body === 'string' ? body : (body ?? []).map((part) => part.text).join('')).trim() === ''

/**
 * What OpenAI's clients send. Members that are not listed are taken and have no effect, which a header of the answer
 * says: the tools, their order and the model's settings are the service's own.
 */
export const chatCompletionRequest = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z
    .array(message)
    .min(1, { error: 'must hold at least one message' })
    .max(1_000, { error: 'must hold at most 1000 messages' })
    .refine((messages) => messages.some((one) => one.role === 'user'), { error: 'must hold a message of the user' })
    .refine((messages) => !messages.filter((one) => one.role === 'user').every(isBlank), {
      error: 'must hold a message of the user that asks something',
    }),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  session: z
    .string()
    .min(1)
    .max(100)
    .nullish()
    .describe('A session of POST /v1/sessions, whose variables and files it goes on with.'),
  store: z.boolean().nullish().describe('Is the answer kept, in a conversation of its own or the one that is named?'),
  conversation: z
    .string()
    .regex(/^conv_[0-9a-f]{32}$/, { error: 'must be an id of a conversation' })
    .nullish()
    .describe(
      'A conversation of POST /v1/conversations, whose messages stand before these and which these go on with.',
    ),
  max_cost: z
    .int()
    .min(0)
    .max(9_000_000_000_000)
    .nullish()
    .describe(
      'The most the answer may cost, in millionths of the currency of prices: it ends before a step that could cost more. No more than the group is given.',
    ),
  files: z
    .array(z.string().regex(/^file_[0-9a-f]{32}$/, { error: 'must be an id of a file' }))
    .max(20, { error: 'must hold at most 20 files' })
    .nullish()
    .describe('Files of POST /v1/files that programs and questions find.'),
  ...ownSettings,
  ...unsupportedMembers,
})

export type ChatCompletionRequest = z.infer<typeof chatCompletionRequest>

export function toMessages(request: ChatCompletionRequest): ConversationMessage[] {
  return request.messages.map(({ role, content: body }) => ({
    role: role === 'developer' ? 'system' : role,
    content: typeof body === 'string' ? body : (body ?? []).map((part) => part.text).join('\n'),
  }))
}

/** `analyst` is the model on the first data source of the group, `analyst:shop` on the one named so. */
export function splitModel(id: string): { readonly model: string; readonly dataSource: string | null } {
  const colon = id.indexOf(':')
  if (colon < 0) return { model: id, dataSource: null }
  return { model: id.slice(0, colon), dataSource: id.slice(colon + 1) }
}

export type FinishReason = 'stop' | 'length' | 'content_filter'

export interface Usage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
}

/** Beside OpenAI's members; their clients pass over what they do not know. */
export interface SallyportExtension {
  readonly ending: string
  readonly steps: number
  readonly duration_ms: number
  /** What a filter replaced or cut on the way. */
  readonly findings: JsonValue
  /** Of the content filter that has withheld the rest. */
  readonly decision_id?: string
  /** The path at which its caller may object to that. */
  readonly appeal?: string
  /** What of the answer the results of its run bear out. */
  readonly grounding?: JsonValue
}
