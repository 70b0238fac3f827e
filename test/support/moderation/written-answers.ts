import type { RecordedRequest } from '../http/upstream/recorded-request.ts'
import { namedEvent, namelessEvent, servedEvents, servedJson, type Served } from '../http/upstream/served.ts'

/** How an upstream writes a text: in these pieces, as words or as what a tool is called with. */
export interface Writing {
  readonly pieces: readonly string[]
  readonly as?: 'words' | 'reasoning' | 'arguments'
}

/** Answers as the API does that is asked, plain or streamed, with a text that a test wants. */
export function writes(request: RecordedRequest, { pieces, as = 'words' }: Writing): Served {
  const isStreamed = request.body.toString().includes('"stream":true')
  const text = pieces.join('')
  if (request.path.endsWith('/responses')) {
    const events = responseEvents(pieces, as)
    const { response } = events.at(-1) as unknown as { readonly response: unknown }
    return isStreamed ? servedEvents(numbered(events), {}) : servedJson(response, {})
  }
  if (request.path.endsWith('/messages')) {
    return isStreamed
      ? servedEvents(messageEvents(pieces, as).map(namedEvent), {})
      : servedJson(messageOf(text, as), {})
  }
  return isStreamed ? servedEvents(chunks(pieces, as), {}) : servedJson(completionOf(text, as), {})
}

type As = NonNullable<Writing['as']>
type Event = { readonly type: string; readonly [member: string]: unknown }

const completion = { id: 'chatcmpl-1', created: 1_790_000_000, model: 'gpt-5' }

function completionOf(text: string, as: As) {
  const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: text } }
  const message = {
    words: { role: 'assistant', content: text, refusal: null },
    reasoning: { role: 'assistant', content: 'Well.', refusal: null, reasoning_content: text },
    arguments: { role: 'assistant', content: null, refusal: null, tool_calls: [call] },
  }[as]
  const usage = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 }
  return {
    ...completion,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: as === 'arguments' ? 'tool_calls' : 'stop' }],
    usage,
  }
}

function chunks(pieces: readonly string[], as: As): string[] {
  const chunk = (delta: object, finish: string | null = null) =>
    namelessEvent({
      ...completion,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    })
  const deltas = pieces.map((piece, at) => {
    if (as === 'words') return { content: piece }
    if (as === 'reasoning') return { reasoning_content: piece }
    const named = at === 0 ? { id: 'call_1', type: 'function' } : {}
    const of = { ...(at === 0 ? { name: 'f' } : {}), arguments: piece }
    return { tool_calls: [{ index: 0, ...named, function: of }] }
  })
  return [
    chunk({ role: 'assistant', content: null }),
    ...deltas.map((delta) => chunk(delta)),
    chunk({}, as === 'arguments' ? 'tool_calls' : 'stop'),
    'data: [DONE]\n\n',
  ]
}

function responseEvents(pieces: readonly string[], as: As): Event[] {
  const text = pieces.join('')
  const [added, whole] = itemsOf(text)[as]
  const begun = { id: 'resp_1', object: 'response', created_at: 1_790_000_000, model: 'gpt-5', output: [], error: null }
  const usage = { input_tokens: 20, output_tokens: 10, total_tokens: 30 }
  const item = { item_id: added['id'], output_index: 0 }
  return [
    { type: 'response.created', response: { ...begun, status: 'in_progress', incomplete_details: null } },
    { type: 'response.output_item.added', output_index: 0, item: added },
    ...partsOf(pieces, as).map((event) => Object.assign({}, event, item)),
    { type: 'response.output_item.done', output_index: 0, item: whole },
    {
      type: 'response.completed',
      response: { ...begun, status: 'completed', incomplete_details: null, output: [whole], usage },
    },
  ]
}

type Item = { readonly id: string; readonly type: string; readonly [member: string]: unknown }

function itemsOf(text: string): Readonly<Record<As, readonly [Item, Item]>> {
  const message = { id: 'msg_1', type: 'message', role: 'assistant' }
  const call = { id: 'fc_1', type: 'function_call', call_id: 'call_1', name: 'f' }
  const part = { type: 'output_text', text, annotations: [] }
  const reasoning = { id: 'rs_1', type: 'reasoning' }
  return {
    words: [
      { ...message, status: 'in_progress', content: [] },
      { ...message, status: 'completed', content: [part] },
    ],
    reasoning: [
      { ...reasoning, summary: [] },
      { ...reasoning, summary: [{ type: 'summary_text', text }] },
    ],
    arguments: [
      { ...call, arguments: '', status: 'in_progress' },
      { ...call, arguments: text, status: 'completed' },
    ],
  }
}

function partsOf(pieces: readonly string[], as: As): Event[] {
  const text = pieces.join('')
  if (as === 'arguments') {
    return [
      ...pieces.map((delta) => ({ type: 'response.function_call_arguments.delta', delta })),
      { type: 'response.function_call_arguments.done', name: 'f', arguments: text },
    ]
  }
  const isWords = as === 'words'
  const place = isWords ? { content_index: 0 } : { summary_index: 0 }
  const part = isWords ? { type: 'output_text', annotations: [] } : { type: 'summary_text' }
  const [of, piece] = isWords
    ? ['response.content_part', 'response.output_text']
    : ['response.reasoning_summary_part', 'response.reasoning_summary_text']
  return [
    { type: `${of}.added`, ...place, part: { ...part, text: '' } },
    ...pieces.map((delta) => ({ type: `${piece}.delta`, ...place, delta, logprobs: [] })),
    { type: `${piece}.done`, ...place, text, logprobs: [] },
    { type: `${of}.done`, ...place, part: { ...part, text } },
  ]
}

const numbered = (events: readonly Event[]): string[] =>
  events.map((event, sequence_number) => namedEvent(Object.assign({}, event, { sequence_number })))

const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5' }

function messageOf(text: string, as: As) {
  const block = {
    words: { type: 'text', text },
    reasoning: { type: 'thinking', thinking: text, signature: 'c2ln' },
    arguments: { type: 'tool_use', id: 'toolu_1', name: 'f', input: { q: text } },
  }[as]
  const usage = { input_tokens: 20, output_tokens: 10 }
  const reason = as === 'arguments' ? 'tool_use' : 'end_turn'
  return { ...message, content: [block], stop_reason: reason, stop_sequence: null, usage }
}

function messageEvents(pieces: readonly string[], as: As): Event[] {
  const begun = {
    words: { type: 'text', text: '' },
    reasoning: { type: 'thinking', thinking: '', signature: '' },
    arguments: { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
  }[as]
  const deltas = pieces.map((piece) => {
    if (as === 'words') return { type: 'text_delta', text: piece }
    return as === 'reasoning'
      ? { type: 'thinking_delta', thinking: piece }
      : { type: 'input_json_delta', partial_json: piece }
  })
  const usage = { input_tokens: 20, output_tokens: 1 }
  const reason = as === 'arguments' ? 'tool_use' : 'end_turn'
  return [
    { type: 'message_start', message: { ...message, content: [], stop_reason: null, stop_sequence: null, usage } },
    { type: 'content_block_start', index: 0, content_block: begun },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index: 0, delta })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 10 } },
    { type: 'message_stop' },
  ]
}
