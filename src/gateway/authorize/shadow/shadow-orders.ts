import type { DecisionInput, DecisionName } from '../decisions.ts'
import type { Evaluated } from '../engine.ts'

/** What a thread is started with. */
export interface ShadowThreadData {
  /** A bundle as `opa build -t wasm` writes it. */
  readonly packed: Uint8Array
  /** Its path, for people. */
  readonly where: string
}

/** One question. */
export interface ShadowOrder {
  readonly number: number
  readonly name: DecisionName
  readonly input: DecisionInput<DecisionName>
}

/** What a thread says: whether its bundle can be used, once, and what its rules make of each question. */
export type ShadowAnswer =
  | { readonly kind: 'opened'; readonly fault: string | null }
  | { readonly kind: 'evaluated'; readonly number: number; readonly evaluated: Evaluated }
  | { readonly kind: 'failed'; readonly number: number; readonly fault: string }
