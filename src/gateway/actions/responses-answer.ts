import { isObject, type JsonObject } from '../apis/api.ts'
import { parseObject } from '../calls/event-data.ts'
import { eventsOf } from '../privacy/restore/restore-answer.ts'
import { dataOf, withData } from '../privacy/restore/restore-events.ts'
import { textOf } from './chat-turns.ts'
import { HeldEvents, namedEvent, type DecideCall, type GuardedStream } from './guarded-stream.ts'
import { responseCall } from './responses-turns.ts'

/** The item that stands in the place of a call. */
function sentenceItem(item: JsonObject, text: string): JsonObject {
  const content = [{ type: 'output_text', text, annotations: [], logprobs: [] }]
  return { type: 'message', id: `msg_${textOf(item['id'])}`, status: 'completed', role: 'assistant', content }
}

/** A whole answer of Responses, with a message in the place of each call that may not run. */
export async function guardResponses(body: Buffer, begin: () => DecideCall): Promise<Buffer> {
  const answer = parseObject(body.toString('utf8')) ?? {}
  const items = answer['output']
  if (!Array.isArray(items)) return body
  const decide = begin()
  const left: unknown[] = []
  for (const item of items as readonly unknown[]) left.push(await decidedItem(item, decide))
  const isChanged = left.some((item, at) => item !== (items as readonly unknown[])[at])
  return isChanged ? Buffer.from(JSON.stringify({ ...answer, output: left })) : body
}

async function decidedItem(item: unknown, decide: DecideCall): Promise<unknown> {
  const call = responseCall(item)
  const text = call === null ? null : await decide(call)
  return text === null || !isObject(item) ? item : sentenceItem(item, text)
}

/** A stream of Responses: an item that is a call waits until it is done. What is said of it at the end is what left of it. */
export class ResponsesStream implements GuardedStream {
  readonly #decide: DecideCall
  readonly #held = new HeldEvents()
  /** By their place, what has become of items that are calls. */
  readonly #decided = new Map<unknown, unknown>()
  #open: { readonly index: unknown; events: number } | null = null
  /** How many more events have left than have come: what is behind them is numbered anew. */
  #more = 0

  constructor(decide: DecideCall) {
    this.#decide = decide
  }

  async push(events: string): Promise<string> {
    let leaving = ''
    for (const event of eventsOf(events)) leaving += await this.#take(event)
    return leaving
  }

  /** A call that was never done is none. */
  async end(): Promise<string> {
    this.#held.take()
    return ''
  }

  async #take(event: string): Promise<string> {
    const json = dataOf(event)
    const data = json === null ? null : parseObject(json)
    if (data === null) return event
    const { type, output_index: index, item } = data
    if (type === 'response.output_item.added' && responseCall(item) !== null) {
      this.#held.take()
      this.#open = { index, events: 1 }
      this.#held.hold(this.#numbered(event, data))
      return ''
    }
    if (type === 'response.output_item.done' && isObject(item) && responseCall(item) !== null) {
      return this.#done(event, data, item)
    }
    if (this.#open !== null && index === this.#open.index) {
      this.#open.events += 1
      this.#held.hold(this.#numbered(event, data))
      return ''
    }
    const ended = await this.#ended(data)
    return this.#numbered(event, ended, ended !== data)
  }

  /** A call that is whole: what was held of it, or a message in its place. */
  async #done(event: string, data: JsonObject, item: JsonObject): Promise<string> {
    const { output_index: index, sequence_number: number } = data
    const isOpen = this.#open !== null && this.#open.index === index
    const events = isOpen ? (this.#open?.events ?? 0) : 0
    const held = this.#held.take()
    this.#open = null
    const left = await decidedItem(item, this.#decide)
    this.#decided.set(index, left)
    if (left === item || !isObject(left)) return (isOpen ? held : '') + this.#numbered(event, data)
    const first = typeof number === 'number' ? number - events + this.#more : null
    const said = messageEvents(left, index)
    this.#more += said.length - (events + 1)
    return said.map((each, at) => namedEvent(first === null ? each : { ...each, sequence_number: first + at })).join('')
  }

  /** What says all of the answer once more says of each call what has become of it. */
  async #ended(data: JsonObject): Promise<JsonObject> {
    const { response } = data
    if (!isObject(response) || !Array.isArray(response['output'])) return data
    const items = response['output'] as readonly unknown[]
    const output: unknown[] = []
    for (const [at, item] of items.entries()) {
      if (responseCall(item) === null) output.push(item)
      else {
        const before = this.#decided.get(at)
        output.push(before ?? (await decidedItem(item, this.#decide)))
      }
    }
    const isChanged = output.some((item, at) => isObject(item) && item['type'] !== (items[at] as JsonObject)['type'])
    return isChanged ? { ...data, response: { ...response, output } } : data
  }

  #numbered(event: string, data: JsonObject, isChanged = false): string {
    const { sequence_number: number } = data
    const isMoved = this.#more !== 0 && typeof number === 'number'
    if (!isMoved && !isChanged) return event
    return withData(event, JSON.stringify(isMoved ? { ...data, sequence_number: number + this.#more } : data))
  }
}

/** The events of a message that comes whole. */
function messageEvents(item: JsonObject, index: unknown): readonly JsonObject[] {
  const [part] = item['content'] as readonly JsonObject[]
  const at = { output_index: index, item_id: item['id'], content_index: 0 }
  const text = textOf(part?.['text'])
  const begun = { ...item, status: 'in_progress', content: [] }
  return [
    { type: 'response.output_item.added', output_index: index, item: begun },
    { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
    { type: 'response.output_text.delta', ...at, delta: text, logprobs: [] },
    { type: 'response.output_text.done', ...at, text, logprobs: [] },
    { type: 'response.content_part.done', ...at, part },
    { type: 'response.output_item.done', output_index: index, item },
  ]
}
