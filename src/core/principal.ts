import type { KeyScope } from './key-scopes.ts'

/** The header in which an application says for which person it asks. */
export const endUserHeader = 'x-sallyport-end-user'

/** Who is asking. `group` selects policy: the grant, the limits and the filter profile. */
export interface Principal {
  readonly id: string
  readonly kind: 'operator' | 'api-key' | 'token' | 'anonymous'
  readonly group: string
  /** What the credential may be used for; absent are `defaultKeyScopes`. The operator at the command line needs none. */
  readonly scopes?: readonly KeyScope[]
  /** The person for whom an application asks, as its credential says it and nothing that anybody can write; absent for none. */
  readonly endUser?: string
  /** The day, counted from 1970-01-01, whose tokens count as used; absent where they are counted. */
  readonly quotaUsedDay?: number
}
