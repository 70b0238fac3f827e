/** What a client reads of an answer of any API: every text that is put together from pieces, and every whole one. */
export interface Heard {
  /** Words, put together from the pieces of a stream, or as they came whole. */
  readonly words: string
  /** What tools are called with, by the name of the tool. */
  readonly calls: Readonly<Record<string, string>>
  /** Words in the whole texts with which a stream of Responses ends. */
  readonly wholes: readonly string[]
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : [])
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Reads the body of an answer as the client of an API does. */
export function hear(body: string): Heard {
  if (!body.startsWith('data:') && !body.startsWith('event:')) return hearWhole(JSON.parse(body) as Json)
  const events = body
    .split('\n\n')
    .map((event) =>
      event
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5))
        .join('\n'),
    )
    .filter((data) => data.trim() !== '' && data.trim() !== '[DONE]')
    .map((data) => JSON.parse(data) as Json)
  return hearEvents(events)
}

function hearWhole(answer: Json): Heard {
  const calls: Record<string, string> = {}
  let words = ''
  for (const { message } of listOf(answer['choices'])) {
    if (!isObject(message)) continue
    words += textOf(message['content'])
    for (const { function: called } of listOf(message['tool_calls'])) {
      if (isObject(called)) calls[textOf(called['name'])] = textOf(called['arguments'])
    }
  }
  for (const block of listOf(answer['content'])) {
    words += textOf(block['text'])
    if (block['type'] === 'tool_use') calls[textOf(block['name'])] = JSON.stringify(block['input'])
  }
  for (const item of listOf(answer['output'])) {
    for (const part of listOf(item['content'])) words += textOf(part['text'])
    if (item['type'] === 'function_call') calls[textOf(item['name'])] = textOf(item['arguments'])
  }
  return { words, calls, wholes: [] }
}

function hearEvents(events: readonly Json[]): Heard {
  const calls: Record<string, string> = {}
  const names = new Map<string, string>()
  const wholes: string[] = []
  let words = ''
  const add = (key: string, text: string) => {
    const name = names.get(key) ?? ''
    calls[name] = (calls[name] ?? '') + text
  }
  for (const event of events) {
    for (const { delta } of listOf(event['choices'])) {
      if (!isObject(delta)) continue
      words += textOf(delta['content'])
      for (const { index, function: called } of listOf(delta['tool_calls'])) {
        if (!isObject(called)) continue
        if (typeof called['name'] === 'string') names.set(String(index), called['name'])
        add(String(index), textOf(called['arguments']))
      }
    }
    const { type, delta, item, content_block: block, response } = event
    if (isObject(block) && typeof block['name'] === 'string') names.set(String(event['index']), block['name'])
    if (isObject(item) && typeof item['name'] === 'string') names.set(textOf(item['id']), item['name'])
    if (type === 'content_block_delta' && isObject(delta)) {
      words += textOf(delta['text'])
      if (delta['type'] === 'input_json_delta') add(String(event['index']), textOf(delta['partial_json']))
    }
    if (type === 'response.output_text.delta') words += textOf(delta)
    if (type === 'response.function_call_arguments.delta') add(textOf(event['item_id']), textOf(delta))
    if (type === 'response.output_text.done') wholes.push(textOf(event['text']))
    if (type === 'response.content_part.done' && isObject(event['part'])) wholes.push(textOf(event['part']['text']))
    if (type === 'response.completed' && isObject(response)) wholes.push(hearWhole(response).words)
    if (type === 'response.function_call_arguments.done') wholes.push(textOf(event['arguments']))
  }
  return { words, calls, wholes }
}
