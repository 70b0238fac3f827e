import type { ModelApi } from '../../../core/model-call.ts'
import { isObject, type JsonObject } from '../../apis/api.ts'
import { memberOf, sentenceOf, type ToldBlock } from '../blocked-answers.ts'
import { ResponseSoFar } from './response-so-far.ts'

/** Follows the events of a stream that have left, so that it can be ended as its API ends one. */
export interface SentSoFar {
  /** An event that leaves. */
  sent(data: JsonObject): void
  /** The events that end the stream with a block, behind those that have left. */
  closing(told: ToldBlock): string
}

export function createSentSoFar(api: ModelApi, choices: number): SentSoFar {
  if (api === 'messages') return new MessageSoFar()
  return api === 'responses' ? new ResponseSoFar() : new CompletionSoFar(choices)
}

const dataEvent = (data: JsonObject): string => `data: ${JSON.stringify(data)}\n\n`

export const namedEvent = (data: JsonObject): string => `event: ${String(data['type'])}\n${dataEvent(data)}`

class CompletionSoFar implements SentSoFar {
  readonly #choices: number
  readonly #finished = new Set<unknown>()
  readonly #seen = new Set<number>()
  #head: JsonObject = { id: '', object: 'chat.completion.chunk', created: 0, model: '' }

  constructor(choices: number) {
    this.#choices = choices
  }

  sent({ id, object, created, model, choices }: JsonObject): void {
    if (typeof id === 'string') this.#head = { id, object, created, model }
    if (!Array.isArray(choices)) return
    for (const [at, choice] of (choices as readonly unknown[]).entries()) {
      if (!isObject(choice)) continue
      const index = typeof choice['index'] === 'number' ? choice['index'] : at
      this.#seen.add(index)
      if (typeof choice['finish_reason'] === 'string') this.#finished.add(index)
    }
  }

  closing(told: ToldBlock): string {
    const all = new Set([...Array.from({ length: this.#choices }, (_, index) => index), ...this.#seen])
    const left = [...all].filter((index) => !this.#finished.has(index))
    const choices = left.map((index) => {
      return { index, delta: { refusal: sentenceOf(told) }, logprobs: null, finish_reason: 'content_filter' }
    })
    return `${dataEvent({ ...this.#head, choices, ...memberOf(told) })}data: [DONE]\n\n`
  }
}

class MessageSoFar implements SentSoFar {
  #open: unknown = null
  #hasBegun = false
  #usage: JsonObject = {}

  sent({ type, index, message }: JsonObject): void {
    if (type === 'message_start' && isObject(message)) {
      this.#hasBegun = true
      if (isObject(message['usage'])) this.#usage = message['usage']
    }
    if (type === 'content_block_start') this.#open = index
    if (type === 'content_block_stop') this.#open = null
  }

  closing(told: ToldBlock): string {
    const count = this.#usage['output_tokens']
    const usage = { output_tokens: typeof count === 'number' ? count : 0 }
    const beginning = {
      type: 'message_start',
      message: {
        id: told.decision,
        type: 'message',
        role: 'assistant',
        model: '',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 0, output_tokens: 0 },
      },
    }
    const delta = { stop_reason: 'refusal', stop_sequence: null }
    const events: readonly JsonObject[] = [
      ...(this.#hasBegun ? [] : [beginning]),
      ...(this.#open === null ? [] : [{ type: 'content_block_stop', index: this.#open }]),
      { type: 'message_delta', delta, usage, ...memberOf(told) },
      { type: 'message_stop' },
    ]
    return events.map(namedEvent).join('')
  }
}
