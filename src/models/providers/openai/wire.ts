import { isJson } from '../../../core/json.ts'
import type OpenAI from 'openai'
import { z } from 'zod'
import type { ModelMessage, ModelRequest } from '../../model.ts'

const tokens = z.int().min(0)

/** What the endpoint counted; counts that cannot be are as good as none. */
const usage = z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(null)

/** Several providers send content as parts instead of one string. */
const content = z
  .union([z.string(), z.array(z.object({ text: z.string().optional() }))])
  .nullish()
  .transform((value) => (typeof value === 'string' ? value : (value ?? []).map((part) => part.text ?? '').join('')))

const callFunction = z.object({
  name: z.string().nullish(),
  // Some endpoints hand over the arguments as an object instead of its text.
  arguments: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .nullish()
    .transform((value) => (typeof value === 'string' ? value : value ? JSON.stringify(value) : '')),
})

const callDelta = z.object({ index: z.number().nullish(), id: z.string().nullish(), function: callFunction.nullish() })

/** One chunk of a stream, as much of it as is used; anything else is ignored. */
export const chunkShape = z.object({
  choices: z
    .array(
      z.object({
        index: z.number().nullish(),
        delta: z.object({ content, refusal: z.string().nullish(), tool_calls: z.array(callDelta).nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage,
})
export type Chunk = z.infer<typeof chunkShape>
export type CallDelta = z.infer<typeof callDelta>

/** A whole response, from endpoints that ignore `stream: true`. */
export const completionShape = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content, refusal: z.string().nullish(), tool_calls: z.array(callDelta).nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage,
})

/** Half a surrogate pair is JSON and no Unicode: endpoints answer 400 or 500 to a conversation that holds one. */
function toWireMessage(message: ModelMessage): OpenAI.ChatCompletionMessageParam {
  const content = message.content.toWellFormed()
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content }
  if (message.role !== 'assistant') return { role: message.role, content }
  if (message.toolCalls.length === 0) return { role: 'assistant', content }
  return {
    role: 'assistant',
    content: content === '' ? null : content,
    tool_calls: message.toolCalls.map((call) => ({
      id: call.callId,
      type: 'function',
      // Endpoints that parse the history answer 400 to malformed arguments; what was wrong stands in the tool's answer.
      function: { name: call.name, arguments: isJson(call.argumentsText) ? call.argumentsText : '{}' },
    })),
  }
}

/** The request as Chat Completions wants it. */
export function toWireRequest(
  name: string,
  request: ModelRequest,
  outputTokenField: 'max_tokens' | 'max_completion_tokens',
): OpenAI.ChatCompletionCreateParamsStreaming {
  const tools = request.tools.map((tool) => ({ type: 'function' as const, function: { ...tool } }))
  return {
    model: name,
    messages: request.messages.map(toWireMessage),
    stream: true,
    stream_options: { include_usage: true },
    [outputTokenField]: request.maximumOutputTokens,
    ...(tools.length === 0 ? {} : { tools }),
  }
}
