import { z } from 'zod'

// What is common to the service's own models and those of upstreams; either may have members beside.

export const modelName = z.string().min(1).max(200).describe('A model of /v1/models.')

export const chatMessage = z
  .looseObject({
    role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
    content: z
      .union([z.string(), z.array(z.looseObject({ type: z.string() })), z.null()])
      .optional()
      .describe('A text, or a list of parts.'),
  })
  .meta({ id: 'ChatMessage' })

/** `POST /v1/chat/completions` */
export const chatRequest = z
  .looseObject({
    model: modelName,
    messages: z.array(chatMessage).min(1),
    stream: z.boolean().nullish(),
    session: z.string().min(1).max(100).nullish().describe('For analyst: a session of /v1/sessions.'),
    files: z.array(z.string()).nullish().describe('For analyst: files of /v1/files that programs find.'),
    max_cost: z
      .int()
      .min(0)
      .nullish()
      .describe('For analyst: the most the answer may cost, in millionths of the currency of prices.'),
    conversation: z
      .string()
      .nullish()
      .describe('For analyst: a conversation of /v1/conversations that the answer is kept in.'),
    store: z.boolean().nullish().describe('For analyst: is the answer kept in a conversation of its own?'),
  })
  .meta({ id: 'ChatRequest' })

const count = z.int().min(0)
const usage = z
  .looseObject({ prompt_tokens: count, completion_tokens: count, total_tokens: count })
  .meta({ id: 'ChatUsage' })

const ran = z
  .looseObject({ ending: z.string(), steps: count, duration_ms: z.number() })
  .meta({ id: 'ChatRun', description: 'How the run of the service’s own model ended.' })

const head = { id: z.string(), created: z.int(), model: z.string() }

/** The answer of `POST /v1/chat/completions`. */
export const chatAnswer = z
  .looseObject({
    ...head,
    object: z.literal('chat.completion'),
    choices: z.array(
      z.looseObject({
        index: z.int(),
        message: z.looseObject({ role: z.string(), content: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    ),
    usage: usage.nullish(),
    sallyport: ran.optional(),
  })
  .meta({ id: 'ChatAnswer' })

/** An event of its stream. */
export const chatChunk = z
  .looseObject({
    ...head,
    object: z.literal('chat.completion.chunk'),
    choices: z.array(
      z.looseObject({
        index: z.int(),
        delta: z.looseObject({ content: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    ),
    usage: usage.nullish(),
    sallyport: ran.optional(),
  })
  .meta({ id: 'ChatChunk' })
