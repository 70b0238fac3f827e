import type { CallFacts, CallUsage, ModelApi } from '../../core/model-call.ts'
import type { UsagePart } from '../../core/price.ts'

/** A JSON object as it was parsed: any member may be anything. */
export type JsonObject = Readonly<Record<string, unknown>>

/** What the stages have to know of one API of a provider: where its requests and answers say what. */
export interface ApiDescription {
  readonly name: ModelApi
  /** The kind of upstream that speaks it. */
  readonly kind: 'openai' | 'anthropic'
  /** Of the query of its address what goes to the upstream. */
  readonly parameters: readonly string[]
  /** Throws `invalid-request`, naming the member, where the stages could not tell what is asked for. */
  readonly factsOf: (body: JsonObject) => CallFacts
  /** The provider's own count in a whole answer or in the data of an event; null where it has none. */
  readonly usageOf: (data: JsonObject) => CallUsage | null
  /** Ids in a whole answer, or in the data of an event, of what the provider keeps; the answer's own where it says so or the call asked for it. */
  readonly keptIdsOf: (data: JsonObject, answerIsKept?: boolean) => readonly string[]
  /** Tells of one stream, all of whose events it is shown, what each says of its end; one that never says why it ends was cut off. */
  readonly streamEnd: (facts: CallFacts) => StreamEnd
  /** What ends a stream whose reason to end has come and whose end has not; absent where clients need nothing. */
  readonly endMark?: string
  /** Is a whole body an answer to a call of a model, and over? Some say with HTTP 200 what is none. */
  readonly isAnswer: (data: JsonObject, facts: CallFacts) => boolean
  /** Does an event bring anything of the answer, so that what was tried cannot be tried anew once a caller has it? */
  readonly hasContent: (data: JsonObject) => boolean
  /** What a whole answer or an event says of a failure; null where it says of none. */
  readonly failureOf: (data: JsonObject) => StreamFailure | null
  /** May an event of this text name ids that the provider keeps? Such events are read before they are passed on. */
  readonly mayKeep: (events: string, answerIsKept?: boolean) => boolean
}

/** A failure that is told in an answer of success, in the provider's words for its kind. */
export interface StreamFailure {
  readonly type: string | null
  readonly code: string | null
  /** For a person; never shown, since it may be about the operator's account. */
  readonly message?: string
  /** Is the event that says so a part of the answer, which its caller is to see? */
  readonly isShown?: true
}

/** The words of an error object for its kind; null for what is none. */
export function failureFrom(error: unknown): StreamFailure | null {
  // Clients take whatever is not falsy for an error.
  if (!error) return null
  if (!isObject(error)) return { type: null, code: null, ...(typeof error === 'string' && { message: error }) }
  const { type, code, message } = error
  return { type: textOf(type), code: textOf(code), ...(typeof message === 'string' && { message }) }
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null

/** Does a member hold anything? */
export function holdsSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
}

/**
 * What an event, or null for the mark `[DONE]`, says of the end of its stream: why it ends (`reason`), that it ends (`end`), both, or
 * nothing.
 */
export type StreamEnd = (data: JsonObject | null) => 'reason' | 'end' | 'reason and end' | null

/** Does an event that brings a piece bring none? Some endpoints send such pieces to keep a connection open. */
export function isEmptyPiece(piece: unknown): boolean {
  if (!isObject(piece)) return !holdsSomething(piece)
  for (const name in piece) if (name !== 'type' && holdsSomething(piece[name])) return false
  return true
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** No model reads or writes as many tokens for one call: who says so would take all that a caller may use for years. */
const mostCounted = 1_000_000_000

/** A count of tokens as providers give it; null for anything that is none. */
export function countOf(value: unknown): number | null {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= mostCounted
    ? (value as number)
    : null
}

/** The usage of an object with these two members; null where one is missing. */
export function usageFrom(usage: unknown, input: string, output: string | null): CallUsage | null {
  if (!isObject(usage)) return null
  const inputTokens = countOf(usage[input])
  const outputTokens = output === null ? 0 : countOf(usage[output])
  if (inputTokens === null || outputTokens === null) return null
  // Nobody reads nothing: some endpoints write zeros where they do not count.
  if (inputTokens === 0 && outputTokens === 0) return null
  return { inputTokens, outputTokens, ...partsOf(usage) }
}

/** By the members under which OpenAI's APIs count parts of the tokens, in `…_tokens_details`. */
const partNames: Readonly<Record<string, readonly [input: UsagePart | null, output: UsagePart | null]>> = {
  cached_tokens: ['cached_input', null],
  audio_tokens: ['audio_input', 'audio_output'],
  image_tokens: ['image_input', 'image_output'],
  reasoning_tokens: [null, 'reasoning'],
}

function partsOf(usage: JsonObject): Pick<CallUsage, 'parts'> {
  const parts: Partial<Record<UsagePart, number>> = {}
  const read = (details: unknown, side: 0 | 1): void => {
    if (!isObject(details)) return
    for (const [name, sides] of Object.entries(partNames)) {
      const [part, count] = [sides[side], countOf(details[name])]
      if (part !== null && count !== null && count > 0) parts[part] = count
    }
  }
  for (const name of ['prompt_tokens_details', 'input_tokens_details']) read(usage[name], 0)
  for (const name of ['completion_tokens_details', 'output_tokens_details']) read(usage[name], 1)
  return Object.keys(parts).length === 0 ? {} : { parts }
}
