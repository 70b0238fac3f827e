import { randomUUID } from 'node:crypto'
import type { FoundValues } from './found-values.ts'

/** What was hidden from a model in one call, and what came back: kinds, counts and places, never a value. */
export interface PrivacyReceipt {
  /** `prc_…` */
  readonly id: string
  readonly requestId: string
  /** The one that has answered; until then the one that is asked first. */
  upstream: string
  readonly profile: string
  readonly level: string
  /** Replaced before it was sent. */
  readonly masked: FoundValues
  /** Found, and sent as it is by the profile's own rule. */
  readonly annotated: FoundValues
  /** Positions that were sent without being read. */
  readonly unread: readonly string[]
  /** Positions of earlier turns that differ from what was sent before: what a provider keeps of them does not fit. */
  readonly cacheMisses: readonly string[]
  /** Values that have surrogates in the place of tokens, by kind. */
  readonly surrogates: ReadonlyMap<string, number>
  /** Values that should have them and have tokens, by kind: none was left, or none has their form. */
  readonly withoutSurrogate: ReadonlyMap<string, number>
  /** Tokens of the answer whose values were put back, as far as it has left. */
  restored: number
  /** Tokens that stand in the answer as they are: in an address, a tag, or the arguments of a tool that gets no values. */
  left: number
  /** Values that the model said and the caller did not, which were withheld from the answer. */
  withheld: number
}

interface Kept {
  readonly principal: string
  readonly receipt: PrivacyReceipt
  readonly places: number
}

/** The last receipts of a process, at most so many, with so many places together. */
const mostKept = 10_000
const mostPlaces = 100_000

/** Receipts by their ids. Each is its caller's own; it is gone with the process, and with ten thousand later ones. */
export class PrivacyReceipts {
  readonly #kept = new Map<string, Kept>()
  #places = 0

  add(principal: string, facts: Omit<PrivacyReceipt, 'id' | 'restored' | 'left' | 'withheld'>): PrivacyReceipt {
    const receipt = { id: `prc_${randomUUID().replaceAll('-', '')}`, ...facts, restored: 0, left: 0, withheld: 0 }
    const { masked, annotated, unread, cacheMisses } = facts
    const places = masked.places.length + annotated.places.length + unread.length + cacheMisses.length
    this.#kept.set(receipt.id, { principal, receipt, places })
    this.#places += places
    for (const [id, oldest] of this.#kept) {
      if (id === receipt.id || (this.#kept.size <= mostKept && this.#places <= mostPlaces)) break
      this.#kept.delete(id)
      this.#places -= oldest.places
    }
    return receipt
  }

  /** Takes back the receipt of what was never sent. */
  drop(id: string): void {
    this.#places -= this.#kept.get(id)?.places ?? 0
    this.#kept.delete(id)
  }

  /** Null for one that is not there, or is somebody else's. */
  of(principal: string, id: string): PrivacyReceipt | null {
    const kept = this.#kept.get(id)
    return kept?.principal === principal ? kept.receipt : null
  }
}
