import type { ProposedCall } from '../../provenance/decide-action.ts'
import { isObject, type JsonObject } from '../apis/api.ts'
import { parseObject } from '../calls/event-data.ts'
import { eventsOf } from '../privacy/restore/restore-answer.ts'
import { dataOf, withData } from '../privacy/restore/restore-events.ts'
import { argumentsOf, textOf } from './chat-turns.ts'
import { HeldEvents, namedEvent, type DecideCall, type GuardedStream } from './guarded-stream.ts'

const isCall = (block: unknown): block is JsonObject => isObject(block) && block['type'] === 'tool_use'

const proposed = ({ name, input }: JsonObject): ProposedCall => ({ tool: textOf(name), arguments: argumentsOf(input) })

/** A whole answer of Messages, with a text in the place of each call that may not run. */
export async function guardMessages(body: Buffer, begin: () => DecideCall): Promise<Buffer> {
  const answer = parseObject(body.toString('utf8')) ?? {}
  const { content } = answer
  if (!Array.isArray(content)) return body
  const decide = begin()
  const blocks: unknown[] = []
  let isChanged = false
  for (const block of content as readonly unknown[]) {
    const text = isCall(block) ? await decide(proposed(block)) : null
    isChanged ||= text !== null
    blocks.push(text === null ? block : { type: 'text', text })
  }
  if (!isChanged) return body
  const stop = blocks.some(isCall) ? {} : { stop_reason: 'end_turn' }
  return Buffer.from(JSON.stringify({ ...answer, content: blocks, ...stop }))
}

interface OpenBlock {
  readonly index: unknown
  readonly block: JsonObject
  given: string
}

/** A stream of Messages: a block that is a call waits for its end. */
export class MessagesStream implements GuardedStream {
  readonly #decide: DecideCall
  readonly #held = new HeldEvents()
  #open: OpenBlock | null = null
  #hasRefused = false
  #hasCalls = false

  constructor(decide: DecideCall) {
    this.#decide = decide
  }

  async push(events: string): Promise<string> {
    let leaving = ''
    for (const event of eventsOf(events)) leaving += await this.#take(event)
    return leaving
  }

  async end(): Promise<string> {
    return this.#close()
  }

  async #take(event: string): Promise<string> {
    const json = dataOf(event)
    const data = json === null ? null : parseObject(json)
    if (data === null) return event
    const { type, index, content_block: block, delta } = data
    if (type === 'content_block_start' && isCall(block)) {
      const before = await this.#close()
      this.#open = { index, block, given: '' }
      this.#held.hold(event)
      return before
    }
    if (this.#open !== null && index === this.#open.index) {
      if (isObject(delta)) this.#open.given += textOf(delta['partial_json'])
      this.#held.hold(event)
      return type === 'content_block_stop' ? this.#close() : ''
    }
    if (type === 'ping') return event
    const before = await this.#close()
    if (type !== 'message_delta' || !isObject(delta) || !this.#hasRefused || this.#hasCalls) return before + event
    return before + withData(event, JSON.stringify({ ...data, delta: { ...delta, stop_reason: 'end_turn' } }))
  }

  /** What was held of a call, or a text in its place. */
  async #close(): Promise<string> {
    const open = this.#open
    if (open === null) return ''
    this.#open = null
    const held = this.#held.take()
    const { index, block, given } = open
    const text = await this.#decide(proposed(given === '' ? block : { ...block, input: given }))
    if (text === null) {
      this.#hasCalls = true
      return held
    }
    this.#hasRefused = true
    return [
      { type: 'content_block_start', index, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index, delta: { type: 'text_delta', text } },
      { type: 'content_block_stop', index },
    ]
      .map(namedEvent)
      .join('')
  }
}
