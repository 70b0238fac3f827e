// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import type { CallOptions, Transport } from '../transport.ts'
import type { ChatMessage, JsonValue } from './shared.ts'

export interface ShownValue {
  /** recipients[0] */
  readonly path: string
  readonly value: string
  /** What of the person’s stands for it; null where only a person can. */
  readonly ground: 'said' | 'own' | 'named' | 'named-member' | 'named-place' | 'all-at-named-place' | 'left-open' | 'filled' | null
  /** Ids of the reads in which it stands. */
  readonly from: readonly string[]
}

export interface ActionRead {
  readonly id: string
  readonly tool: string
  readonly origin: 'operator' | 'user' | 'model' | 'tool' | 'row' | 'file' | 'web'
  readonly trusted: boolean
}

export interface ActionCheckAnswer {
  readonly object: 'action-check'
  /** Of the decision, as the audit trail and the log have it. */
  readonly id: string
  readonly decision: 'allow' | 'ask' | 'refuse'
  readonly rule: 'nothing-read' | 'reading' | 'planned' | 'handed-over' | 'unread-words' | 'only-mentioned' | 'unproven-value' | 'no-target' | 'again' | 'after-refusal' | 'undeclared' | 'not-planned' | 'not-asked-for' | 'malformed'
  /** For the person; null where the call simply runs. */
  readonly sentence: string | null
  /** All values of the call where a person is asked, what nothing stands for first. */
  readonly shown: readonly ShownValue[]
  /** What was read before it. */
  readonly reads: readonly ActionRead[]
  /** What the declarations of the offered tools lack. */
  readonly notes: readonly string[]
}

export interface ActionCheckToolsItem {
  readonly type: string
  readonly [member: string]: unknown
}

export interface WrittenFunction {
  readonly name: string
  /** JSON, as a model writes it. */
  readonly arguments: string
  readonly [member: string]: unknown
}

export interface WrittenCall {
  readonly function: WrittenFunction
  readonly [member: string]: unknown
}

export interface NamedCall {
  readonly name: string
  readonly arguments: { readonly [name: string]: JsonValue }
}

export interface ActionCheck {
  /** The conversation so far, as Chat Completions has it: its roles say who has written what. */
  readonly messages: readonly ChatMessage[]
  /** The tools as a model is offered them: what their declarations lack is said in notes. */
  readonly tools?: readonly ActionCheckToolsItem[] | undefined
  /** A member of tool_calls as it came, or a name with arguments. */
  readonly call: WrittenCall | NamedCall
}

/** Of the operations `actions.*`. */
export class Actions {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** May a call run that a model of the caller’s wants to make? Nothing is called. Wants a key with the scope models. */
  check(body: ActionCheck, options: CallOptions = {}): Promise<ActionCheckAnswer> {
    return this.#transport.json({ method: 'POST', path: '/v1/actions/check', body }, options)
  }
}
