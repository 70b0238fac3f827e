import type { KeyScope } from './key-scopes.ts'

/** Who is asking. `group` selects policy: the grant, the limits and the filter profile. */
export interface Principal {
  readonly id: string
  readonly kind: 'operator' | 'api-key'
  readonly group: string
  /** What the credential may be used for; absent are `defaultKeyScopes`. The operator at the command line needs none. */
  readonly scopes?: readonly KeyScope[]
  /** The day, counted from 1970-01-01, whose tokens count as used; absent where they are counted. */
  readonly quotaUsedDay?: number
}
