import { namedEvent, namelessEvent } from '../http/upstream/served.ts'

/** What a scripted model writes, in the form of one API. `name` is the model's own: no two have a word in common. */
export interface WrittenApi {
  readonly path: string
  readonly announce: (name: string) => readonly string[]
  readonly word: (text: string, isFirst: boolean) => string
  readonly finish: (name: string, text: string) => readonly string[]
  /** Ends as a content filter does. */
  readonly refuse: (name: string, text: string) => readonly string[]
  readonly usage: readonly string[]
  readonly end: readonly string[]
  readonly errorEvent: (type: string, message?: string) => string
  readonly unreadable: string
  readonly ping: string
  readonly whole: (name: string, text: string) => object
  /** The same as an answer that says it is not over. */
  readonly unfinished: (whole: object) => object
}

const chatChunk = (delta: object, reason: string | null = null) =>
  namelessEvent({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: reason }],
  })
const chatUsage = { prompt_tokens: 5, completion_tokens: 12, total_tokens: 17 }

const chat: WrittenApi = {
  path: '/v1/chat/completions',
  announce: () => [chatChunk({ role: 'assistant', content: '' })],
  word: (content) => chatChunk({ content }),
  finish: () => [chatChunk({}, 'stop')],
  refuse: () => [chatChunk({}, 'content_filter')],
  usage: [
    namelessEvent({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [],
      usage: chatUsage,
    }),
  ],
  end: ['data: [DONE]\n\n'],
  errorEvent: (type, message = 'It broke.') => namelessEvent({ error: { message, type } }),
  unreadable: 'data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"lost \n\n',
  ping: ': ping\n\n',
  whole: (name, content) => ({
    id: `chatcmpl-${name}`,
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: chatUsage,
  }),
  unfinished: (whole) => ({
    ...whole,
    choices: [{ index: 0, message: { role: 'assistant', content: 'first/1/1' }, finish_reason: null }],
  }),
}

const response = (name: string, status: string, text: string | null, more: object = {}) => ({
  id: `resp_${name}`,
  object: 'response',
  created_at: 1,
  model: 'm',
  status,
  error: null,
  output: text === null ? [] : [message(text)],
  ...more,
})
const message = (text: string) => ({
  id: place.item_id,
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
})
const place = { item_id: 'msg_1', output_index: 0, content_index: 0 }
const responseUsage = { input_tokens: 5, output_tokens: 12, total_tokens: 17 }

const responses: WrittenApi = {
  path: '/v1/responses',
  announce: (name) => [
    namedEvent({ type: 'response.created', response: response(name, 'in_progress', null) }),
    namedEvent({ type: 'response.output_item.added', output_index: 0, item: { ...message(''), content: [] } }),
    namedEvent({
      type: 'response.content_part.added',
      ...place,
      part: { type: 'output_text', text: '', annotations: [] },
    }),
  ],
  word: (delta) => namedEvent({ type: 'response.output_text.delta', ...place, delta }),
  finish: (name, text) => [
    namedEvent({ type: 'response.completed', response: response(name, 'completed', text, { usage: responseUsage }) }),
  ],
  refuse: (name, text) => [
    namedEvent({
      type: 'response.incomplete',
      response: response(name, 'incomplete', text, {
        usage: responseUsage,
        incomplete_details: { reason: 'content_filter' },
      }),
    }),
  ],
  usage: [],
  end: [],
  errorEvent: (code, message = 'It broke.') => namedEvent({ type: 'error', code, message, param: null }),
  unreadable: 'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"lost \n\n',
  ping: 'event: keepalive\ndata: {"type":"keepalive"}\n\n',
  whole: (name, text) => response(name, 'completed', text, { usage: responseUsage }),
  unfinished: (whole) => ({ ...whole, status: 'in_progress' }),
}

const messagesEnd = (stop_reason: string) =>
  namedEvent({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 12 } })

const messages: WrittenApi = {
  path: '/v1/messages',
  announce: (name) => [
    namedEvent({
      type: 'message_start',
      message: {
        id: `msg_${name}`,
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 5, output_tokens: 1 },
      },
    }),
    namedEvent({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  ],
  word: (text) => namedEvent({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  finish: () => [namedEvent({ type: 'content_block_stop', index: 0 }), messagesEnd('end_turn')],
  refuse: () => [namedEvent({ type: 'content_block_stop', index: 0 }), messagesEnd('refusal')],
  usage: [],
  end: [namedEvent({ type: 'message_stop' })],
  errorEvent: (type, message = 'It broke.') => namedEvent({ type: 'error', error: { type, message } }),
  unreadable: 'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"text":"lost \n\n',
  ping: namedEvent({ type: 'ping' }),
  whole: (name, text) => ({
    id: `msg_${name}`,
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 5, output_tokens: 12 },
  }),
  unfinished: (whole) => ({ ...whole, stop_reason: null }),
}

export const writtenApis = { chat, responses, messages } as const
export type WrittenName = keyof typeof writtenApis
