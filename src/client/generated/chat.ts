// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import type { CallOptions, Transport } from '../transport.ts'
import type { ChatMessage } from './shared.ts'

export interface ChatAnswerChoicesItemMessage {
  readonly role: string
  readonly content?: string | null | undefined
  readonly [member: string]: unknown
}

export interface ChatAnswerChoicesItem {
  readonly index: number
  readonly message: ChatAnswerChoicesItemMessage
  readonly finish_reason?: string | null | undefined
  readonly [member: string]: unknown
}

export interface ChatUsage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
  readonly [member: string]: unknown
}

/** How the run of the service’s own model ended. */
export interface ChatRun {
  readonly ending: string
  readonly steps: number
  readonly duration_ms: number
  readonly [member: string]: unknown
}

export interface ChatAnswer {
  readonly id: string
  readonly created: number
  readonly model: string
  readonly object: 'chat.completion'
  readonly choices: readonly ChatAnswerChoicesItem[]
  readonly usage?: ChatUsage | null | undefined
  readonly sallyport?: ChatRun | undefined
  readonly [member: string]: unknown
}

export interface ChatRequest {
  /** A model of /v1/models. */
  readonly model: string
  readonly messages: readonly ChatMessage[]
  /** For analyst: a session of /v1/sessions. */
  readonly session?: string | null | undefined
  /** For analyst: files of /v1/files that programs find. */
  readonly files?: readonly string[] | null | undefined
  /** For analyst: the most the answer may cost, in millionths of the currency of prices. */
  readonly max_cost?: number | null | undefined
  /** For analyst: a conversation of /v1/conversations that the answer is kept in. */
  readonly conversation?: string | null | undefined
  /** For analyst: is the answer kept in a conversation of its own? */
  readonly store?: boolean | null | undefined
  readonly [member: string]: unknown
}

export interface ChatChunkChoicesItemDelta {
  readonly content?: string | null | undefined
  readonly [member: string]: unknown
}

export interface ChatChunkChoicesItem {
  readonly index: number
  readonly delta: ChatChunkChoicesItemDelta
  readonly finish_reason?: string | null | undefined
  readonly [member: string]: unknown
}

export interface ChatChunk {
  readonly id: string
  readonly created: number
  readonly model: string
  readonly object: 'chat.completion.chunk'
  readonly choices: readonly ChatChunkChoicesItem[]
  readonly usage?: ChatUsage | null | undefined
  readonly sallyport?: ChatRun | undefined
  readonly [member: string]: unknown
}

/** Of the operations `chat.*`. */
export class Chat {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** OpenAI’s Chat Completions: the service’s own analyst, or a model of an upstream. */
  complete(body: ChatRequest, options: CallOptions = {}): Promise<ChatAnswer> {
    return this.#transport.json({ method: 'POST', path: '/v1/chat/completions', body }, options)
  }

  /** OpenAI’s Chat Completions: the service’s own analyst, or a model of an upstream. Its events as they come; leaving the loop ends it. */
  completeStream(body: ChatRequest, options: CallOptions = {}): AsyncGenerator<ChatChunk> {
    return this.#transport.events({ method: 'POST', path: '/v1/chat/completions', body: { ...body, stream: true }, last: '[DONE]' }, options)
  }
}
