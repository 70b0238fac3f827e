import type { Catalog } from '../core/catalog.ts'
import type { Database } from '../databases/database.ts'
import type { Validator } from '../validators/validator.ts'

/** A data source as one group of callers sees it, with what decides about its statements. */
export interface GrantedSource {
  readonly database: Pick<Database, 'source' | 'kind' | 'catalog' | 'query'>
  readonly validator: Validator<'sql'>
  /** All that its database holds, as the gate has it: another one only where the schema has changed. */
  readonly catalogOfGate: (signal: AbortSignal) => Promise<Catalog>
  /** Does policy let this group see the relation (`schema.name`; column null) or the column? */
  readonly visible: (relation: string, column: string | null) => boolean
}

export interface GrantScript {
  readonly script: string
  /** What to know before running it. */
  readonly notes: readonly string[]
}

/** A source whose role and policies are as they should be. */
export interface SourceProof {
  readonly name: string
  readonly kind: string
  readonly role: string
  readonly inRecovery: boolean
  /** What the role can do beyond reading, where the configuration accepts that. */
  readonly excess: readonly string[]
  /** Groups whose policies were checked. */
  readonly groups: readonly string[]
}

export type SqlSource =
  | { readonly kind: 'configured'; readonly name: string | null }
  | { readonly kind: 'ad-hoc'; readonly schema: string; readonly allow: readonly NamedRelation[] | 'everything' }

/** `orders(*)` or `orders(id, total)`; the relation may carry its schema. */
export interface NamedRelation {
  readonly relation: string
  readonly columns: '*' | readonly string[]
}
