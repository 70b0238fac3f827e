import type { KeyScope } from '../../core/key-scopes.ts'
import type { KeyTerms, RotationTerms } from './keys.ts'

/** The keys as an operator handles them: each belongs to a group that there is. */
export interface KeyKeeper {
  /** Rejects with `invalid-request` for no known group, and for a life that is over before it begins. */
  create(request: { readonly name: string; readonly group: string } & KeyTerms): Promise<NewKey>
  /** Oldest first. */
  list(): Promise<readonly KeyFacts[]>
  /** Rejects with `not-found` for a key that is not there. */
  show(id: string): Promise<KeyFacts>
  /**
   * A new key of the same name, group and scopes; the old one ends with the same change, or after an overlap. Rejects with
   * `not-found` for a key that is not there, with `invalid-request` where its group does not exist any more or it was
   * replaced before: then the old key stays as it is.
   */
  rotate(id: string, terms?: RotationTerms): Promise<NewKey>
  /** Rejects with `not-found` for a key that is not there. */
  revoke(id: string): Promise<void>
}

/** The key in clear, for the only time, and where its hash is kept. */
export interface NewKey extends KeyFacts {
  readonly key: string
  readonly place: string
}

export interface KeyFacts {
  readonly id: string
  readonly name: string
  readonly group: string
  /** ISO 8601. */
  readonly created: string
  /** A held key is nobody's until it is accepted or rotated, one that has expired until it is rotated. */
  readonly state: 'active' | 'held' | 'expired'
  readonly scopes: readonly KeyScope[]
  /** ISO 8601; null for a key that does not end by itself. */
  readonly expires: string | null
  /** ISO 8601, to the minute; null for never. */
  readonly lastUsed: string | null
  /** The id of the key that was made of this one; null for none. */
  readonly replacedBy: string | null
}
