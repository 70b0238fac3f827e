import { servedJson, type Served } from '../http/upstream/served.ts'

/** A call that a model wants its client to make. */
export interface ModelCall {
  readonly name: string
  readonly given: object
}

const argumentsOf = ({ given }: ModelCall) => JSON.stringify(given)
const events = (lines: readonly string[]): Served => ({
  steps: [
    { do: 'head', status: 200, headers: { 'content-type': 'text/event-stream' } },
    ...lines.map((line) => ({ do: 'write', bytes: Buffer.from(line) }) as const),
  ],
})
const data = (value: object) => `data: ${JSON.stringify(value)}\n\n`
const named = (value: { readonly type: string }) => `event: ${value.type}\n${data(value)}`
/** A text in pieces that begin and end anywhere. */
const pieces = (text: string) => text.match(/.{1,7}/gs) ?? []

const head = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'gpt-5' }
const usage = { prompt_tokens: 9, completion_tokens: 9, total_tokens: 18 }

/** The same answer of Chat Completions, whole or in events. */
export function chatAnswer(text: string, calls: readonly ModelCall[], streamed: boolean): Served {
  const asked = calls.map((call, at) => {
    return { id: `call_${at}`, type: 'function', function: { name: call.name, arguments: argumentsOf(call) } }
  })
  if (!streamed) {
    const message = { role: 'assistant', content: text, refusal: null, tool_calls: asked }
    const choices = [{ index: 0, message, logprobs: null, finish_reason: 'tool_calls' }]
    return servedJson({ ...head, object: 'chat.completion', choices, usage }, {})
  }
  const chunk = (delta: object, finish: string | null = null) =>
    data({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })
  const inChunks = ({ id, type, function: { name, arguments: given } }: (typeof asked)[number], index: number) => {
    const first = chunk({ tool_calls: [{ index, id, type, function: { name, arguments: '' } }] })
    return [first].concat(
      pieces(given).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
    )
  }
  return events([
    chunk({ role: 'assistant', content: '' }),
    ...pieces(text).map((content) => chunk({ content })),
    ...asked.flatMap(inChunks),
    chunk({}, 'tool_calls'),
    data({ ...head, object: 'chat.completion.chunk', choices: [], usage }),
    'data: [DONE]\n\n',
  ])
}

/** The same answer of Messages. */
export function messagesAnswer(text: string, calls: readonly ModelCall[], streamed: boolean): Served {
  const uses = calls.map(({ name, given }, at) => ({ type: 'tool_use', id: `toolu_${at}`, name, input: given }))
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5', stop_sequence: null }
  const counts = { input_tokens: 9, output_tokens: 9 }
  if (!streamed) {
    const content = [{ type: 'text', text }, ...uses]
    return servedJson({ ...message, content, stop_reason: 'tool_use', usage: counts }, {})
  }
  const block = (index: number, content_block: object, deltas: readonly object[]) => [
    named({ type: 'content_block_start', index, content_block } as never),
    ...deltas.map((delta) => named({ type: 'content_block_delta', index, delta } as never)),
    named({ type: 'content_block_stop', index } as never),
  ]
  return events([
    named({ type: 'message_start', message: { ...message, content: [], stop_reason: null, usage: counts } } as never),
    ...block(
      0,
      { type: 'text', text: '' },
      pieces(text).map((piece) => ({ type: 'text_delta', text: piece })),
    ),
    ...uses.flatMap(({ input, ...use }, at) => {
      const deltas = pieces(JSON.stringify(input)).map((partial_json) => ({ type: 'input_json_delta', partial_json }))
      return block(at + 1, { ...use, input: {} }, deltas)
    }),
    named({ type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: counts } as never),
    named({ type: 'message_stop' }),
  ])
}

/** The same answer of Responses. */
export function responsesAnswer(text: string, calls: readonly ModelCall[], streamed: boolean): Served {
  const part = { type: 'output_text', text, annotations: [], logprobs: [] }
  const said = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [part] }
  const asked = calls.map((call, at) => {
    const about = { id: `fc_${at}`, type: 'function_call', call_id: `call_${at}`, status: 'completed' }
    return { ...about, name: call.name, arguments: argumentsOf(call) }
  })
  const counts = { input_tokens: 9, output_tokens: 9, total_tokens: 18 }
  const response = {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    model: 'gpt-5',
    parallel_tool_calls: true,
    tools: [],
  }
  const whole = { ...response, status: 'completed', output: [said, ...asked], usage: counts }
  if (!streamed) return servedJson(whole, {})
  const list: object[] = [
    { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', output_index: 0, item: { ...said, status: 'in_progress', content: [] } },
    {
      type: 'response.content_part.added',
      output_index: 0,
      item_id: 'msg_1',
      content_index: 0,
      part: { ...part, text: '' },
    },
    ...pieces(text).map((delta) => {
      return {
        type: 'response.output_text.delta',
        output_index: 0,
        item_id: 'msg_1',
        content_index: 0,
        delta,
        logprobs: [],
      }
    }),
    { type: 'response.output_text.done', output_index: 0, item_id: 'msg_1', content_index: 0, text, logprobs: [] },
    { type: 'response.content_part.done', output_index: 0, item_id: 'msg_1', content_index: 0, part },
    { type: 'response.output_item.done', output_index: 0, item: said },
  ]
  for (const [at, item] of asked.entries()) {
    const place = { output_index: at + 1, item_id: item.id }
    list.push({ type: 'response.output_item.added', output_index: at + 1, item: { ...item, arguments: '' } })
    for (const delta of pieces(item.arguments))
      list.push({ type: 'response.function_call_arguments.delta', ...place, delta })
    list.push({ type: 'response.function_call_arguments.done', ...place, arguments: item.arguments, name: item.name })
    list.push({ type: 'response.output_item.done', output_index: at + 1, item })
  }
  list.push({ type: 'response.completed', response: whole })
  return events(list.map((event, at) => named(Object.assign(event, { sequence_number: at }) as never)))
}
