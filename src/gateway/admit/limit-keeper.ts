import type { QuotaUnit, QuotaWindow } from '../../core/quotas.ts'

export interface LimitRequest {
  /** The id of a key, or of whoever has a token: `token-…`. */
  readonly principal: string
  /** Of whoever has a token, whose group is not known here; null for that of the key. */
  readonly group: string | null
  /** One person for whom an application asks by that key, as it signs them; null for requests that name nobody. */
  readonly person: string | null
}

/** A limit as the configuration sets it. */
export interface SetLimit {
  readonly per: 'key' | 'user' | 'group' | 'tenant'
  readonly unit: QuotaUnit
  readonly window: QuotaWindow
  readonly most: number
}

/** How one limit stands. */
export interface StandingLimit extends SetLimit {
  readonly used: number
  /** By requests that run. */
  readonly held: number
  readonly left: number
  /** When the first of what counts now counts no more, ISO 8601; null where nothing does, or nobody can say. */
  readonly nextAt: string | null
}

/** Limits as an operator looks at them. */
export interface LimitKeeper {
  /** What is set for each group, those of each key first. */
  list(): Promise<readonly { readonly group: string; readonly limits: readonly SetLimit[] }[]>
  /** Rejects with `not-found` for a caller who is not there, `invalid-request` for a group that is not known, or not that of the key. */
  show(request: LimitRequest): Promise<{ readonly group: string; readonly limits: readonly StandingLimit[] }>
}
