import type { ProposedCall } from '../../provenance/decide-action.ts'
import { isObject, type JsonObject } from '../apis/api.ts'
import { parseObject } from '../calls/event-data.ts'
import { eventsOf } from '../privacy/restore/restore-answer.ts'
import { dataOf, withData } from '../privacy/restore/restore-events.ts'
import { chatCall, textOf } from './chat-turns.ts'
import { dataEvent, HeldEvents, type DecideCall, type GuardedStream } from './guarded-stream.ts'

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : [])

/** A call that nobody can read is one of no tool, which nobody has declared. */
const proposed = (call: unknown): ProposedCall => chatCall(call) ?? { tool: '', arguments: null }

/** What is left of a message whose calls were decided about: sentences are a part of its text. */
interface Decided {
  readonly calls: readonly unknown[]
  readonly named: JsonObject | null
  readonly sentences: readonly string[]
}

async function decided(calls: readonly unknown[], named: JsonObject | null, decide: DecideCall): Promise<Decided> {
  const left: unknown[] = []
  const sentences: string[] = []
  const keep = async (call: unknown): Promise<boolean> => {
    const sentence = await decide(proposed(call))
    if (sentence !== null) sentences.push(sentence)
    return sentence === null
  }
  for (const call of calls) if (await keep(call)) left.push(call)
  const isNamed = named !== null && (await keep({ function: named }))
  return { calls: left, named: isNamed ? named : null, sentences }
}

const endOf = ({ calls, named }: Decided, reason: unknown): unknown =>
  calls.length === 0 && named === null ? 'stop' : reason

/** A whole answer of Chat Completions, its calls decided about. What has none refused is left as it came, to the byte. */
export async function guardChat(body: Buffer, begin: () => DecideCall): Promise<Buffer> {
  const answer = parseObject(body.toString('utf8')) ?? {}
  let isChanged = false
  const choices: unknown[] = []
  for (const choice of listOf(answer['choices'])) {
    const message = isObject(choice) && isObject(choice['message']) ? choice['message'] : null
    if (!isObject(choice) || message === null) {
      choices.push(choice)
      continue
    }
    const { tool_calls: calls, function_call: named, content, ...rest } = message
    const left = await decided(listOf(calls), isObject(named) ? named : null, begin())
    if (left.sentences.length === 0) {
      choices.push(choice)
      continue
    }
    isChanged = true
    const changed = {
      ...rest,
      content: withSentences(content, left.sentences),
      ...(left.calls.length === 0 ? {} : { tool_calls: left.calls }),
      ...(left.named === null ? {} : { function_call: left.named }),
    }
    choices.push({ ...choice, message: changed, finish_reason: endOf(left, choice['finish_reason']) })
  }
  return isChanged ? Buffer.from(JSON.stringify({ ...answer, choices })) : body
}

function withSentences(content: unknown, sentences: readonly string[]): unknown {
  if (Array.isArray(content)) {
    return [...(content as readonly unknown[]), ...sentences.map((text) => ({ type: 'text', text }))]
  }
  return [textOf(content), ...sentences].filter((text) => text !== '').join('\n\n')
}

/** A call of a choice as far as its pieces have come. */
interface GrowingCall {
  readonly id: string
  readonly type: string
  name: string
  given: string
}

class ChoiceCalls {
  readonly held = new HeldEvents()
  readonly calls = new Map<unknown, GrowingCall>()
  named: { name: string; arguments: string } | null = null
  hasText = false
  /** Has an event left that says whose turn it is? Clients put its pieces together. */
  hasRole = false
  /** Of the last event that was held: what the events of its stream have in common. */
  head: JsonObject = {}

  get isWaiting(): boolean {
    return this.calls.size > 0 || this.named !== null
  }

  add(delta: JsonObject): void {
    for (const [at, piece] of listOf(delta['tool_calls']).entries()) if (isObject(piece)) this.#addPiece(piece, at)
    const { function_call: named } = delta
    if (!isObject(named)) return
    this.named ??= { name: '', arguments: '' }
    this.named.name += textOf(named['name'])
    this.named.arguments += textOf(named['arguments'])
  }

  #addPiece(piece: JsonObject, at: number): void {
    const index = piece['index'] ?? at
    const isCustom = isObject(piece['custom'])
    const inner = isObject(piece['function']) ? piece['function'] : isCustom ? (piece['custom'] as JsonObject) : {}
    const call = this.calls.get(index) ?? {
      id: textOf(piece['id']),
      type: isCustom ? 'custom' : 'function',
      name: '',
      given: '',
    }
    call.name += textOf(inner['name'])
    call.given += textOf(inner[call.type === 'custom' ? 'input' : 'arguments'])
    this.calls.set(index, call)
  }

  /** The calls as a whole answer has them, in their order. */
  get whole(): readonly JsonObject[] {
    return [...this.calls.values()].map(({ id, type, name, given }) =>
      type === 'custom'
        ? { id, type, custom: { name, input: given } }
        : { id, type, function: { name, arguments: given } },
    )
  }
}

/** A stream of Chat Completions: pieces of calls wait for the end of their choice, texts do not. */
export class ChatStream implements GuardedStream {
  readonly #begin: () => DecideCall
  readonly #choices = new Map<unknown, ChoiceCalls>()

  constructor(begin: () => DecideCall) {
    this.#begin = begin
  }

  async push(events: string): Promise<string> {
    let leaving = ''
    for (const event of eventsOf(events)) leaving += await this.#take(event)
    return leaving
  }

  async end(): Promise<string> {
    let leaving = ''
    for (const waiting of this.#choices.values()) leaving += await this.#release(waiting, null)
    return leaving
  }

  async #take(event: string): Promise<string> {
    const json = dataOf(event)
    const data = json === null ? null : parseObject(json)
    // The mark of the end is behind everything.
    if (data === null) return json === null ? event : (await this.end()) + event
    const choices = listOf(data['choices'])
    if (choices.length < 2) return this.#takeChoice(event, data, choices[0])
    let leaving = ''
    for (const choice of choices) {
      const alone = { ...data, choices: [choice] }
      leaving += await this.#takeChoice(withData(event, JSON.stringify(alone)), alone, choice)
    }
    return leaving
  }

  async #takeChoice(event: string, data: JsonObject, choice: unknown): Promise<string> {
    if (!isObject(choice)) return event
    const index = choice['index'] ?? 0
    const delta = isObject(choice['delta']) ? choice['delta'] : {}
    const waiting = this.#choices.get(index) ?? new ChoiceCalls()
    this.#choices.set(index, waiting)
    waiting.hasText ||= textOf(delta['content']) !== ''
    const isOver = textOf(choice['finish_reason']) !== ''
    const hasCalls = listOf(delta['tool_calls']).length > 0 || isObject(delta['function_call'])
    if (!hasCalls) {
      waiting.hasRole ||= textOf(delta['role']) !== ''
      return isOver && waiting.isWaiting ? this.#release(waiting, { event, data, choice }) : event
    }
    waiting.add(delta)
    waiting.head = { ...data, choices: [{ index }] }
    if (!isOver) {
      waiting.held.hold(event)
      return ''
    }
    return this.#release(waiting, { event, data, choice })
  }

  /** What was held of a choice, now that its calls are whole; `last` is the event that ends it, null where none does. */
  async #release(
    waiting: ChoiceCalls,
    last: { readonly event: string; readonly data: JsonObject; readonly choice: JsonObject } | null,
  ): Promise<string> {
    if (!waiting.isWaiting) return last?.event ?? ''
    const left = await decided(waiting.whole, waiting.named, this.#begin())
    const held = waiting.held.take()
    const { head, hasText, hasRole } = waiting
    waiting.calls.clear()
    waiting.named = null
    if (left.sentences.length === 0) return held + (last?.event ?? '')
    const [{ index } = { index: 0 }] = listOf(head['choices']) as readonly { readonly index: unknown }[]
    const { usage: _usage, ...common } = head
    const piece = (delta: JsonObject): string =>
      dataEvent({ ...common, choices: [{ index, delta, finish_reason: null }] })
    const calls = left.calls.map((call, at) => piece({ tool_calls: [{ index: at, ...(call as JsonObject) }] }))
    const named = left.named === null ? '' : piece({ function_call: left.named })
    const text = `${hasText ? '\n\n' : ''}${left.sentences.join('\n\n')}`
    const end = last === null ? '' : withData(last.event, JSON.stringify(endWith(last, left)))
    return piece({ ...(hasRole ? {} : { role: 'assistant' }), content: text }) + calls.join('') + named + end
  }
}

/** The event that ends a choice, without the pieces of calls that it may have brought. */
function endWith(
  { data, choice }: { readonly data: JsonObject; readonly choice: JsonObject },
  left: Decided,
): JsonObject {
  const given = isObject(choice['delta']) ? choice['delta'] : {}
  const { tool_calls: _calls, function_call: _named, ...delta } = given
  return { ...data, choices: [{ ...choice, delta, finish_reason: endOf(left, choice['finish_reason']) }] }
}
