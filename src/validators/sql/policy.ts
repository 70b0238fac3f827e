import type { Inheritance } from '../../core/catalog.ts'

/** How a value of a masked column leaves: replaced, shortened or coarsened, never as it is. */
export const maskKinds = ['null', 'hash', 'partial', 'bucket', 'year', 'month'] as const

export type MaskKind = (typeof maskKinds)[number]

/**
 * What a column may be used for. `mask`: only passed on as it is to the outermost SELECT, and masked there.
 * `aggregate-only`: only as the plain argument of count, sum or avg over groups that are large enough. `deny`: not at
 * all, as if it were not there.
 */
export type ColumnRule =
  | { readonly kind: 'allow' }
  | { readonly kind: 'mask'; readonly how: MaskKind }
  | { readonly kind: 'aggregate-only' }
  | { readonly kind: 'deny' }

/** A ledger of answers: whose rows it is about, and what makes a row another one than the row before. */
export interface LedgerScope {
  /** `schema.relation`: those that inherit from one another, sorted. */
  readonly relations: readonly string[]
  /** Aggregate-only columns that all of them have, sorted. */
  readonly columns: readonly string[]
}

/** The queries behind a view, those of the views it reads among them. */
export interface ViewRows {
  readonly definitions: readonly string[]
  /** Functions in them that are not immutable, as `schema.name(argument types)`. */
  readonly changing: readonly string[]
}

export interface AllowedRelation {
  readonly schema: string
  readonly name: string
  /** Every column the catalog has, in its order. */
  readonly columns: ReadonlyMap<string, ColumnRule>
  /** Type of each column, as the database prints it. */
  readonly types: ReadonlyMap<string, string>
  /** What makes the rows of a view; null where that is not known, absent where the rows are stored. */
  readonly view?: ViewRows | null
  /** Column that counts as one entity in the minimum group size; null where none is set. */
  readonly entityKey: string | null
  /** Column that tells the rows of one entity apart, where it can have several. */
  readonly rowKey: string | null
  /** The ledgers it shares; a relation without any has one of its own. */
  readonly ledgers?: readonly LedgerScope[]
  readonly estimatedRows: number | null
}

/** What one group may read of one source, bound to a catalog: every name in it exists. */
export interface SqlPolicy {
  /** Relations by `schema.name`. */
  readonly relations: ReadonlyMap<string, AllowedRelation>
  /** Rows an answer may hold. */
  readonly rowLimit: number
  /** Bytes of its rows as JSON; null where only the service's own limit counts. */
  readonly maximumBytes: number | null
  readonly timeoutMilliseconds: number | null
  /** The highest cost in the planner's units. */
  readonly maximumCost: number | null
  /** Functions beside the built-in list, by signature: `public.distance(numeric, numeric)`. */
  readonly functions: readonly string[]
  /**
   * Names of functions that stand in more than one of the schemas where a name alone is looked up: which of them is meant
   * depends on the types of the arguments.
   */
  readonly overloadedFunctions: readonly string[]
  /** Types beside the built-in list, as the database prints them: those of allowed columns. */
  readonly types: readonly string[]
  /** Fewest distinct entities a group with aggregate-only columns may have. */
  readonly minimumGroupSize: number
  /** Are answers about aggregate-only columns remembered, so that their differences show no smaller group? */
  readonly watchesDifferences: boolean
  /** How rules follow relations that have a restricted column; null where no column is restricted. */
  readonly inheritance: Inheritance | null
  /** Schemas searched for names without one, in order. */
  readonly searchPath: readonly string[]
  /** Changes when anything above changes. */
  readonly version: string
}

/** `schema.name` of the relation a name means, or null where policy allows none of it. */
export function findRelation(policy: SqlPolicy, schema: string | null, name: string): AllowedRelation | null {
  if (schema !== null) return policy.relations.get(`${schema}.${name}`) ?? null
  for (const schema of policy.searchPath) {
    const relation = policy.relations.get(`${schema}.${name}`)
    if (relation !== undefined) return relation
  }
  return null
}

/** The ledgers that answers about a relation's aggregate-only columns are remembered in; each has to admit them. */
export function ledgerScopes(relation: AllowedRelation): readonly LedgerScope[] {
  const guarded = [...relation.columns].filter(([, rule]) => rule.kind === 'aggregate-only').map(([name]) => name)
  return relation.ledgers ?? [{ relations: [`${relation.schema}.${relation.name}`], columns: guarded.sort() }]
}

/** Columns of a relation a reader may name. */
export function usableColumns(relation: AllowedRelation): string[] {
  return [...relation.columns].filter(([, rule]) => rule.kind !== 'deny').map(([name]) => name)
}

/** Names as a person would write them: without the schema where it is searched anyway. */
export function relationNames(policy: SqlPolicy): string[] {
  return [...policy.relations.values()]
    .map((relation) =>
      policy.searchPath.includes(relation.schema) ? relation.name : `${relation.schema}.${relation.name}`,
    )
    .sort()
}
