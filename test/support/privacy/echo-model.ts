import { namedEvent, namelessEvent, servedEvents, servedJson, type Served } from '../http/upstream/served.ts'
import type { RecordedRequest } from '../http/upstream/recorded-request.ts'
import { piecesOf } from '../http/upstream/provider-api.ts'

/** What a model that only repeats answers: words, and calls of tools by their names. */
export interface Said {
  readonly words: string
  readonly calls: readonly { readonly name: string; readonly input: unknown }[]
}

export interface EchoOptions {
  /** Characters in one event of a stream. */
  readonly pieceSize?: number
  /** How a text is cut into events, where that is not by their number. */
  readonly cut?: (text: string) => readonly string[]
  /** Ids of responses: this, and a number behind it. */
  readonly idPrefix?: string
  /** What it says to a request, from all the text of it. */
  readonly say: (body: string) => Said
}

/** An upstream of every API whose model says what it is told to say. */
export function echoModel({
  pieceSize = 3,
  cut = (text) => piecesOf(text, pieceSize),
  idPrefix = 'resp_',
  say,
}: EchoOptions): (request: RecordedRequest) => Served {
  let count = 0
  return ({ method, path, body }) => {
    if (method !== 'POST') {
      return servedJson({ id: path.split('/').at(-1), object: 'response', output: [outputOf(say('').words)] }, {})
    }
    count += 1
    const text = body.toString('utf8')
    const { stream } = JSON.parse(text) as { readonly stream?: boolean }
    const said = say(text)
    if (path.endsWith('/embeddings')) {
      return servedJson(
        {
          object: 'list',
          data: [{ object: 'embedding', index: 0, embedding: [0.5] }],
          usage: { prompt_tokens: 1, total_tokens: 1 },
        },
        {},
      )
    }
    const answer = path.includes('/responses') ? responses : path.includes('/messages') ? messages : chat
    return answer(said, { streamed: stream === true, cut, id: `${idPrefix}${count}` })
  }
}

type Cut = (text: string) => readonly string[]

interface How {
  readonly streamed: boolean
  readonly cut: Cut
  /** Of a response. */
  readonly id: string
}

type Answer = (said: Said, how: How) => Served

const outputOf = (words: string) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: words, annotations: [] }],
})

const toolCallsOf = ({ calls }: Said) =>
  calls.map(({ name, input }, index) => ({
    id: `call_${index}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }))

const chat: Answer = (said, { streamed, cut }) => {
  if (streamed) return servedEvents([...chatEvents(said, cut)], {})
  const message = { role: 'assistant', content: said.words, tool_calls: toolCallsOf(said) }
  const choices = [{ index: 0, message, finish_reason: 'stop' }]
  return servedJson({ id: 'c', object: 'chat.completion', choices, usage: chatUsage }, {})
}

const chatUsage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }

function* chatEvents(said: Said, cut: Cut): Generator<string> {
  const chunk = (choices: readonly object[], usage: object | null = null) =>
    namelessEvent({ id: 'c', object: 'chat.completion.chunk', choices, usage })
  const one = (delta: object, reason: string | null = null) => chunk([{ index: 0, delta, finish_reason: reason }])
  yield one({ role: 'assistant', content: '' })
  for (const content of cut(said.words)) yield one({ content })
  for (const [index, { id, type, function: called }] of toolCallsOf(said).entries()) {
    yield one({ tool_calls: [{ index, id, type, function: { name: called.name, arguments: '' } }] })
    for (const piece of cut(called.arguments)) {
      yield one({ tool_calls: [{ index, function: { arguments: piece } }] })
    }
  }
  yield one({}, 'stop')
  yield chunk([], chatUsage)
  yield 'data: [DONE]\n\n'
}

const message = { id: 'm', type: 'message', role: 'assistant', model: 'claude-sonnet-5', stop_reason: 'end_turn' }
const messageUsage = { input_tokens: 1, output_tokens: 1 }

const messages: Answer = ({ words, calls }, { streamed, cut }) => {
  const blocks = [
    { type: 'text', text: words },
    ...calls.map(({ name, input }, index) => ({ type: 'tool_use', id: `toolu_${index}`, name, input })),
  ]
  return streamed
    ? servedEvents([...messageEvents(blocks, cut)], {})
    : servedJson({ ...message, content: blocks, usage: messageUsage }, {})
}

type Block = { readonly type: string } & ({ readonly text: string } | { readonly input: unknown })

function* messageEvents(blocks: readonly Block[], cut: Cut): Generator<string> {
  yield namedEvent({
    type: 'message_start',
    message: { ...message, content: [], stop_reason: null, usage: messageUsage },
  })
  for (const [index, block] of blocks.entries()) {
    const isText = 'text' in block
    const start = isText ? { ...block, text: '' } : { ...block, input: {} }
    yield namedEvent({ type: 'content_block_start', index, content_block: start })
    for (const piece of cut(isText ? block.text : JSON.stringify(block.input))) {
      const delta = isText ? { type: 'text_delta', text: piece } : { type: 'input_json_delta', partial_json: piece }
      yield namedEvent({ type: 'content_block_delta', index, delta })
    }
    yield namedEvent({ type: 'content_block_stop', index })
  }
  yield namedEvent({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: messageUsage })
  yield namedEvent({ type: 'message_stop' })
}

const responses: Answer = (said, { streamed, cut, id }) => {
  const item = outputOf(said.words)
  const text = { type: 'output_text', text: said.words, annotations: [] }
  const called = said.calls.map(({ name, input }, index) => ({
    id: `fc_${index}`,
    type: 'function_call',
    call_id: `call_${index}`,
    name,
    arguments: JSON.stringify(input),
    status: 'completed',
  }))
  const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 }
  const response = { id, object: 'response', status: 'completed', output: [item, ...called], usage }
  if (!streamed) return servedJson(response, {})
  const events = Array.from(responseEvents({ response, item, text, called }, cut), (event, index) =>
    namedEvent(Object.assign(event, { sequence_number: index })),
  )
  return servedEvents(events, {})
}

interface WireEvent {
  readonly type: string
  readonly [name: string]: unknown
}

interface ResponseParts {
  readonly response: object
  readonly item: object
  readonly text: { readonly text: string }
  readonly called: readonly { readonly id: string; readonly arguments: string }[]
}

function* responseEvents({ response, item, text, called }: ResponseParts, cut: Cut): Generator<WireEvent> {
  const part = { item_id: 'msg_1', output_index: 0, content_index: 0 }
  yield { type: 'response.created', response: { ...response, status: 'in_progress', output: [], usage: null } }
  yield { type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } }
  yield { type: 'response.content_part.added', ...part, part: { ...text, text: '' } }
  for (const delta of cut(text.text)) yield { type: 'response.output_text.delta', ...part, delta }
  yield { type: 'response.output_text.done', ...part, text: text.text }
  yield { type: 'response.content_part.done', ...part, part: text }
  yield { type: 'response.output_item.done', output_index: 0, item }
  for (const [index, call] of called.entries()) {
    const place = { item_id: call.id, output_index: index + 1 }
    yield { type: 'response.output_item.added', output_index: index + 1, item: { ...call, arguments: '' } }
    for (const delta of cut(call.arguments)) {
      yield { type: 'response.function_call_arguments.delta', ...place, delta }
    }
    yield { type: 'response.function_call_arguments.done', ...place, arguments: call.arguments }
    yield { type: 'response.output_item.done', output_index: index + 1, item: call }
  }
  yield { type: 'response.completed', response }
}
