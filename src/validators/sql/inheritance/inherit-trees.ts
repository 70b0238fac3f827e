import type { Catalog } from '../../../core/catalog.ts'
import type { AllowedRelation, ColumnRule, LedgerScope } from '../policy.ts'
import { readRelationTrees, type RelationTrees } from './relation-trees.ts'

const deny: ColumnRule = { kind: 'deny' }

interface Given {
  /** Relations with their rules as written, by `schema.relation`. */
  readonly relations: ReadonlyMap<string, AllowedRelation>
  readonly catalog: Pick<Catalog, 'relations'>
  /** Columns that the policy names one by one for a relation: the operator's decision stands. */
  readonly isNamed: (relation: string, column: string) => boolean
}

interface Inherited {
  readonly relations: Map<string, AllowedRelation>
  /** The rule a column has, also of a relation that the policy does not name; null where nothing is said of it. */
  readonly ruleOf: (relation: string, column: string) => ColumnRule | null
  readonly problems: readonly string[]
}

/**
 * Relations whose rules follow their rows: what is read of a parent is read of its partitions and children, and the other
 * way round, so a column has the strictest of the rules it has in any relation that shares rows with it, unless the
 * policy names it for this one. A column that is generated from a restricted one is denied, in every relation of a tree.
 * ONLY is not looked at: a parent without its children is treated as with them.
 */
export function inheritTrees(given: Given): Inherited {
  const trees = readRelationTrees(given.catalog)
  const rules = new TreeRules(given, trees)
  rules.denyGenerated()
  const problems: string[] = []
  const relations = new Map<string, AllowedRelation>()
  for (const [name, relation] of given.relations) {
    const columns = [...relation.columns.keys()].map((column): [string, ColumnRule] => [
      column,
      rules.of(name, column) ?? deny,
    ])
    const keyed = rules.withKeys(name, { ...relation, columns: new Map(columns) }, problems)
    relations.set(name, keyed)
  }
  for (const [name, relation] of relations) {
    const ledgers = ledgersOf(name, relation, { trees, relations })
    if (ledgers.length > 0) relations.set(name, { ...relation, ledgers })
  }
  return { relations, ruleOf: (relation, column) => rules.of(relation, column), problems }
}

class TreeRules {
  readonly #given: Given
  readonly #trees: RelationTrees
  /** Rules that come from a relation itself, as written or by what its columns are generated from. */
  readonly #own: Map<string, Map<string, ColumnRule>>

  constructor(given: Given, trees: RelationTrees) {
    this.#given = given
    this.#trees = trees
    this.#own = new Map([...given.relations].map(([name, { columns }]) => [name, new Map(columns)]))
  }

  of(relation: string, column: string): ColumnRule | null {
    const own = this.#own.get(relation)?.get(column) ?? null
    if (this.#given.isNamed(relation, column)) return own
    return this.#trees
      .sharing(relation)
      .reduce<ColumnRule | null>((rule, other) => stricter(rule, this.#own.get(other)?.get(column) ?? null), own)
  }

  /**
   * Repeats until nothing changes, since a denied column can be what another one is generated from, there or in a
   * child.
   */
  denyGenerated(): void {
    const { catalog, isNamed } = this.#given
    const generated = catalog.relations.flatMap(({ schema, name, columns }) =>
      columns.flatMap(({ name: column, generatedFrom }) =>
        generatedFrom === undefined ? [] : [{ relation: `${schema}.${name}`, column, generatedFrom }],
      ),
    )
    const open = new Set(generated.filter(({ relation, column }) => !isNamed(relation, column)))
    for (let size = -1; size !== open.size;) {
      size = open.size
      for (const item of open) {
        if (!this.#tells(item.relation, item.generatedFrom)) continue
        this.#own.set(item.relation, (this.#own.get(item.relation) ?? new Map()).set(item.column, deny))
        open.delete(item)
      }
    }
  }

  /** Is one of these a column that not everything may be known of? What the catalog does not show may be one. */
  #tells(relation: string, columns: readonly string[]): boolean {
    const isWritten = this.#given.relations.has(relation)
    return columns.some((column) => {
      const rule = this.of(relation, column)
      return isWritten ? rule?.kind !== 'allow' : rule !== null && rule.kind !== 'allow'
    })
  }

  /** The keys by which members are counted are those of the relation whose rows they are. */
  withKeys(name: string, relation: AllowedRelation, problems: string[]): AllowedRelation {
    const guarded = [...relation.columns].filter(([, rule]) => rule.kind === 'aggregate-only').map(([column]) => column)
    if (guarded.length === 0) return relation
    const others = this.#trees.sharing(name).flatMap((other) => {
      const written = this.#given.relations.get(other)
      return written !== undefined && guarded.some((column) => isAggregateOnly(written, column)) ? [written] : []
    })
    const found = (key: 'entityKey' | 'rowKey'): string | null => {
      const [first = null, ...more] = new Set([relation, ...others].flatMap((item) => item[key] ?? []))
      if (more.length > 0) problems.push(differentKeys(name, [relation, ...others], key))
      return first
    }
    const keys = { entityKey: found('entityKey'), rowKey: found('rowKey') }
    const isMissing = [keys.entityKey, keys.rowKey].some((key) => key !== null && !relation.columns.has(key))
    if (keys.entityKey !== null && !isMissing) return { ...relation, ...keys }
    // Its members cannot be counted, which matters only where the policy names an aggregate-only column here.
    const columns = [...relation.columns].map(([column, rule]): [string, ColumnRule] => [
      column,
      rule.kind === 'aggregate-only' ? deny : rule,
    ])
    return { ...relation, columns: new Map(columns) }
  }
}

/** What both rules allow; what they allow in different ways is denied. */
function stricter(rule: ColumnRule | null, other: ColumnRule | null): ColumnRule | null {
  if (other === null || other.kind === 'allow') return rule
  if (rule === null || rule.kind === 'allow') return other
  const isSame = rule.kind === other.kind && (rule.kind !== 'mask' || other.kind !== 'mask' || rule.how === other.how)
  return isSame ? rule : deny
}

function isAggregateOnly({ columns }: AllowedRelation, column: string): boolean {
  return columns.get(column)?.kind === 'aggregate-only'
}

function differentKeys(name: string, relations: readonly AllowedRelation[], key: 'entityKey' | 'rowKey'): string {
  const option = key === 'entityKey' ? 'entity_key' : 'row_key'
  const names = relations.filter((item) => item[key] !== null).map((item) => `"${item.name}"`)
  return `${[...new Set(names)].join(' and ')} hold the same rows as "${name}" and need the same ${option}`
}

/**
 * The ledgers that answers about a relation are remembered in: one for each tree that its aggregate-only columns are in.
 * Whoever asks about a parent, a child or the rest of it asks about rows of one ledger, and each row has the same number
 * in all of them, since it is made of the columns that all of them have.
 */
function ledgersOf(
  name: string,
  relation: AllowedRelation,
  given: {
    readonly trees: RelationTrees
    readonly relations: ReadonlyMap<string, AllowedRelation>
  },
): LedgerScope[] {
  const guarded = [...relation.columns.keys()].filter((column) => isAggregateOnly(relation, column))
  const scopes = new Map<string, LedgerScope>()
  for (const column of guarded) {
    const members = given.trees.connected(name, column)
    const key = JSON.stringify(members)
    if (scopes.has(key)) continue
    const bound = members.flatMap((member) => given.relations.get(member) ?? [])
    const columns = bound.flatMap((member) =>
      [...member.columns.keys()].filter((item) => isAggregateOnly(member, item)),
    )
    const shared = new Set(columns.filter((item) => members.every((member) => given.trees.has(member, item))))
    scopes.set(key, { relations: members, columns: [...shared].sort() })
  }
  return [...scopes.values()]
}
