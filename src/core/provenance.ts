export const provenances = ['operator', 'user', 'model', 'tool', 'row', 'file'] as const

/**
 * Where a piece of text came from. Everything a model, a tool, a row or a file produced is untrusted, and what is
 * computed from it stays so.
 */
export type Provenance = (typeof provenances)[number]

/** `web` is what a tool of an operator brought from elsewhere; `unknown` is what nobody can follow any more, and is trusted as little as that. */
export const taints = [...provenances, 'web', 'unknown'] as const

/** Where something came from that was made of several things: it has one of these for each of them. */
export type Taint = (typeof taints)[number]

/** Tables of one data source that a run may read whatever it has read by then: trusted words chose them, or a person has allowed them. */
export interface PlannedTables {
  readonly source: string
  /** `public.orders` */
  readonly tables: readonly string[]
}

export const thingKinds = ['read', 'sandbox', 'file', 'artifact', 'turn'] as const

/** What something can be that is made of something else. */
export type ThingKind = (typeof thingKinds)[number]

/** A thing of a conversation with where it came from: ids and origins, never contents. */
export interface Thing {
  readonly id: string
  readonly kind: ThingKind
  readonly origins: readonly Taint[]
  /** Ids of what it was made of. */
  readonly from: readonly string[]
}
