import type { TokenUsage } from '../core/events.ts'
import type { JsonValue } from '../core/json.ts'

export interface ToolRequest {
  readonly callId: string
  readonly name: string
  /** The arguments as the model wrote them, which may be malformed JSON. */
  readonly argumentsText: string
}

/** The conversation as a model sees it. */
export type ModelMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls: readonly ToolRequest[] }
  | { readonly role: 'tool'; readonly callId: string; readonly content: string }

/** A tool as it is described to a model. `parameters` is JSON Schema. */
export interface ToolSpecification {
  readonly name: string
  readonly description: string
  readonly parameters: { readonly [key: string]: JsonValue }
}

export interface ModelRequest {
  readonly messages: readonly ModelMessage[]
  readonly tools: readonly ToolSpecification[]
  readonly maximumOutputTokens: number
}

export type ModelEvent =
  | { readonly type: 'text-delta'; readonly text: string }
  /** The model has begun to write a call of this tool, which may never come to its end. Told once of each name; of one that comes in pieces its beginnings are told, too. */
  | { readonly type: 'call-begin'; readonly name: string }
  | { readonly type: 'tool-call'; readonly call: ToolRequest }
  | {
      readonly type: 'finish'
      readonly reason: 'stop' | 'tool-calls' | 'length' | 'content-filter'
      /** The provider's own count; estimated (and `estimated: true`) where it gave none. */
      readonly usage: TokenUsage & { readonly estimated: boolean }
    }

/**
 * A language model. `turn` streams one turn and ends with exactly one `finish`; it throws `model-unavailable`,
 * `model-timeout`, `model-rejected`, `model-protocol` or `cancelled`. Retries happen inside and only before the first event.
 */
export interface Model {
  readonly id: string
  /** True for the demo model, whose turns are written in advance: shown wherever its answers show. */
  readonly scripted: boolean
  /** Context window, input and output together; absent where it is not known. */
  readonly contextTokens?: number
  turn(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>
}
