import type { Suspension } from '../../core/suspensions.ts'
import type { KeyLifetime } from '../authenticate/keys.ts'

export interface SuspensionRequest {
  /** The id of a key, or of whoever has a token: `token-…`. */
  readonly principal: string
  /** One person for whom an application asks by that key, as it signs them; null for all that the key is used for. */
  readonly person: string | null
  /** For operators; whoever is suspended does not read it. */
  readonly note: string | null
  /** null until it is lifted. */
  readonly lasts: KeyLifetime | null
}

/** Suspensions as an operator handles them; `by` is who does. */
export interface SuspensionKeeper {
  /** Newest first, behind the one of an id; `isInForce`: without those that are over. */
  list(asked: {
    readonly isInForce: boolean
    readonly after: string | null
    readonly most: number
  }): Promise<readonly Suspension[]>
  /** Rejects with `not-found` for one that is not there. */
  show(id: string): Promise<Suspension>
  /** Counts at the next request. Rejects with `not-found` for a caller who is not there, `invalid-request` for a time that is over. */
  add(request: SuspensionRequest, by: string): Promise<Suspension>
  /** Counts at the next request. Rejects with `not-found` for one that is not there, or is over. */
  lift(id: string, by: string): Promise<Suspension>
}
