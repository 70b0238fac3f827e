import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions'
import type { CompletionUsage } from 'openai/resources/completions'
import { laterMembers, piecesOf, plainWords, said } from './provider-api.ts'
import { namelessEvent, servedEvents, servedJson, type Served } from './served.ts'

export interface ChatRequest {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: unknown }[]
  readonly tools?: readonly { readonly function?: { readonly name: string } }[]
  readonly response_format?: { readonly type: string }
  readonly stream?: boolean
  readonly stream_options?: { readonly include_usage?: boolean } | null
  readonly n?: number | null
}

const fixed = { created: 1_790_000_000, service_tier: 'default', system_fingerprint: 'fp_44709d6fcb' } as const

const usage: CompletionUsage = {
  prompt_tokens: 24,
  completion_tokens: 17,
  total_tokens: 41,
  prompt_tokens_details: { cached_tokens: 8, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 6,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
}

interface Turn {
  readonly text: string | null
  readonly refusal: string | null
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[]
  readonly reason: 'stop' | 'tool_calls'
}

/** What a model would do with the request. */
function turnFor({ messages, tools = [], response_format: format }: ChatRequest): Turn {
  const last = messages.at(-1)
  const nothing = { text: null, refusal: null, calls: [], reason: 'stop' } as const
  if (tools.length > 0 && last?.role !== 'tool') {
    const calls = tools.map((tool, index) => ({
      id: `call_${index}`,
      name: tool.function?.name ?? '',
      arguments: '{"city":"Oslo","note":"“é” 🌤"}',
    }))
    return { ...nothing, calls, reason: 'tool_calls' }
  }
  if (JSON.stringify(last?.content ?? '').includes('refuse')) return { ...nothing, refusal: said.refusal }
  if (format?.type === 'json_schema') return { ...nothing, text: said.structured }
  const pictures = Array.isArray(last?.content) ? last.content.length - 1 : 0
  const plain = plainWords(JSON.stringify(messages))
  return { ...nothing, text: pictures === 0 ? plain : `I see ${pictures} picture(s). ${plain}` }
}

export function answerChat(request: ChatRequest, position: number, headers: Readonly<Record<string, string>>): Served {
  const turn = turnFor(request)
  const id = `chatcmpl-${position}`
  if (request.stream === true) return streamed(request, turn, { id, headers })
  const message = {
    role: 'assistant' as const,
    content: turn.text,
    refusal: turn.refusal,
    annotations: [],
    ...(turn.calls.length === 0
      ? {}
      : {
          tool_calls: turn.calls.map(({ id: call, ...of }) => ({ id: call, type: 'function' as const, function: of })),
        }),
  }
  const choice = (index: number) => ({ index, message, logprobs: null, finish_reason: turn.reason })
  const completion: ChatCompletion = {
    id,
    object: 'chat.completion',
    model: request.model,
    choices: Array.from({ length: request.n ?? 1 }, (_, index) => choice(index)),
    usage,
    ...fixed,
  }
  return servedJson({ ...completion, ...laterMembers }, headers)
}

type Delta = ChatCompletionChunk.Choice.Delta
interface Envelope {
  readonly id: string
  readonly headers: Readonly<Record<string, string>>
}

function streamed(request: ChatRequest, turn: Turn, { id, headers }: Envelope): Served {
  const wantsUsage = request.stream_options?.include_usage === true
  const chunk = (choices: ChatCompletionChunk['choices'], total: CompletionUsage | null) => {
    const common: ChatCompletionChunk = { id, object: 'chat.completion.chunk', model: request.model, choices, ...fixed }
    return namelessEvent({ ...common, ...(wantsUsage ? { usage: total } : {}), obfuscation: 'aB3', ...laterMembers })
  }
  const one = (delta: Delta, reason: Turn['reason'] | null = null) =>
    chunk([{ index: 0, delta, logprobs: null, finish_reason: reason }], null)
  const calls = turn.calls.flatMap(({ id: call, name, arguments: text }, index) => [
    one({ tool_calls: [{ index, id: call, type: 'function', function: { name, arguments: '' } }] }),
    ...piecesOf(text, 6).map((piece) => one({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ])
  const events = [
    one({ role: 'assistant', content: turn.text === null ? null : '', refusal: null }),
    ...piecesOf(turn.text ?? '', 4).map((content) => one({ content })),
    ...piecesOf(turn.refusal ?? '', 4).map((refusal) => one({ refusal })),
    ...calls,
    one({}, turn.reason),
    ...(wantsUsage ? [chunk([], usage)] : []),
    'data: [DONE]\n\n',
  ]
  return isSlow(request)
    ? servedEvents(events.slice(0, 3), headers, [{ do: 'stay-silent' }])
    : servedEvents(events, headers)
}

/** Asked to take its time, a model says the first words and no more until the caller goes away. */
function isSlow({ messages }: ChatRequest): boolean {
  return JSON.stringify(messages).includes('slowly')
}
