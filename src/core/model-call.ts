import type { Grant } from './grant.ts'
import type { ModelPrice, UsagePart } from './price.ts'
import type { Principal } from './principal.ts'
import type { Reservation } from './request.ts'
import type { Secret } from './secret.ts'

/** The APIs of providers that are served by passing calls on to an upstream. */
export const modelApis = ['chat-completions', 'responses', 'embeddings', 'messages', 'token-counts'] as const

export type ModelApi = (typeof modelApis)[number]

/** Names the receipt of a call, in its answer. */
export const receiptHeader = 'x-sallyport-privacy-receipt'

/** Names the decision of a content filter, in an answer that it changed or an error that it made. */
export const decisionHeader = 'x-sallyport-decision'

/** Names categories that a content filter has found in a call or its answer, and let pass. */
export const annotatedHeader = 'x-sallyport-annotated'

/** Something that a body names, and the member that names it. */
export interface NamedInBody {
  readonly name: string
  /** `input[2].file_id`. */
  readonly parameter: string
}

/** What the stages read of a call. Its bytes go on as they came. */
export interface CallFacts {
  /** The model asked for; null for a call about something that a provider keeps. */
  readonly model: string | null
  readonly streamed: boolean
  /** The most tokens that may be written, as the caller says; null where it does not say. */
  readonly outputTokens: number | null
  /** Tools that the provider runs itself and addresses that it fetches. */
  readonly hostedTools: readonly NamedInBody[]
  /** Ids of what the provider keeps: all must be the caller's own. */
  readonly ids: readonly NamedInBody[]
  /** Ids that are not the caller's only where they are somebody else's: a client may have made them up. */
  readonly itemIds: readonly NamedInBody[]
  /** Does the call ask that its answer be kept under its id, without the answer saying so? */
  readonly answerIsKept?: true
  /** Does the provider go on with it when its answer is over, or its caller has left? */
  readonly runsOn?: true
  /** How many answers are asked for at once; 1 where it is not said. */
  readonly choices?: number
  /** Tiers of service that the call asks for by name, whose prices are others than the model's; absent where it asks for none. */
  readonly tiers?: readonly NamedInBody[]
}

/** A call of a provider's API, before anything but its shape is checked. */
export interface ReceivedCall {
  readonly requestId: string
  readonly channel: 'http'
  readonly credential: Secret | null
  readonly api: ModelApi
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below the base address of the upstream, with its query: `/chat/completions`. */
  readonly path: string
  /** Name, value, name, value, as they arrived. */
  readonly headers: readonly string[]
  readonly body: Buffer | null
  readonly facts: CallFacts
}

export interface AuthenticatedCall extends ReceivedCall {
  readonly principal: Principal
}

/** Tokenizers of OpenAI, as tiktoken names them. */
export const tokenizerNames = ['o200k_base', 'cl100k_base'] as const

export type TokenizerName = (typeof tokenizerNames)[number]

/** How the input tokens of a model are bounded before it has counted them. */
export interface PromptCounting {
  /** null where its tokenizer is not known: texts count by their bytes. */
  readonly tokenizer: TokenizerName | null
  /** The most tokens that a picture is. */
  readonly pictureTokens: number
  /** The most tokens that its input may be; null where nobody has said. */
  readonly contextTokens: number | null
}

/** Where a call goes. */
export interface CallTarget {
  /** The model as callers would ask for it by itself; absent for a call about something that the upstream keeps. */
  readonly name?: string
  /** Name of the upstream in the configuration. */
  readonly upstream: string
  /** The model as the upstream names it; null for a call about something that it keeps. */
  readonly model: string | null
  /** Is that another name than the one the caller asked for? */
  readonly renamed: boolean
  /** Absent where the configuration has none. */
  readonly price?: ModelPrice
  /** The member by which the upstream is told in Chat Completions how much may be written; `max_completion_tokens` where absent. */
  readonly chatLimit?: 'max_tokens'
  /** Does the upstream read `documents` of a request? Absent where they are kept here. */
  readonly takesDocuments?: true
  /** Absent for a call about something that the provider keeps. */
  readonly counting?: PromptCounting
}

export interface AuthorizedCall extends AuthenticatedCall {
  readonly grant: Grant
  /** Where the call may be answered, the first to be asked in front: what is hidden and what is held suits each of them. */
  readonly candidates: readonly [CallTarget, ...CallTarget[]]
  /** The one that is asked, or has answered. */
  readonly target: CallTarget
  /** Output tokens that its group gives a call which does not say how many; absent where they are not given. */
  readonly givenTokens?: number
}

export interface AdmittedCall extends AuthorizedCall {
  readonly reservation: Reservation
}

/** Tokens by the provider's own count. */
export interface CallUsage {
  readonly inputTokens: number
  readonly outputTokens: number
  /** Those of both that may have prices of their own; absent where the provider names none. */
  readonly parts?: Partial<Readonly<Record<UsagePart, number>>>
  /** How often each tool was used that the provider runs itself; absent where it names none. */
  readonly toolUses?: Readonly<Record<string, number>>
  /** Was it told when the answer began? What is written afterwards is not in it then. */
  readonly isBegun?: true
}

/** What an upstream answers. Only success comes so; everything else is thrown as a ServiceError. */
export type UpstreamAnswer = UpstreamHead & (WholeAnswer | AnswerInEvents | NoContent)

interface UpstreamHead {
  readonly status: number
  /** Name, value, name, value: those that may be passed on. */
  readonly headers: readonly string[]
}

export interface WholeAnswer {
  readonly kind: 'json'
  readonly body: Buffer
}

/** Nothing, which is how some providers say that something is deleted (RFC 9110, 15.3.5). */
export interface NoContent {
  readonly kind: 'nothing'
}

export interface AnswerInEvents {
  readonly kind: 'events'
  /** As it comes in. The upstream is read as fast as this is, and let go when nobody reads on. */
  readonly body: AsyncIterable<Buffer>
  /** Milliseconds that its first content may take, with what its head took, and each that follows; absent where nobody has said. */
  readonly contentMilliseconds?: number
  /** Lets the upstream go where nobody begins to read, or somebody waits for it. */
  readonly leave: () => void
}

/** An answer as it may leave: the whole of it, which is empty for a status without content, or one or several whole events at a time. */
export interface ScreenedAnswer {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: Buffer | AsyncIterable<Buffer>
}

/** How a call ended that was answered to its end. */
export interface CallOutcome {
  readonly status: number
  /** null where the provider gave no count. */
  readonly usage: CallUsage | null
}
