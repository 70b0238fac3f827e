import type { Catalog, CatalogRelation } from '../../../core/catalog.ts'
import type { AllowedRelation, ColumnRule } from '../policy.ts'
import { readMysqlView, type MysqlView, type Reference } from './view-text.ts'

const deny: ColumnRule = { kind: 'deny' }
const allow: ColumnRule = { kind: 'allow' }

interface Given {
  readonly relations: ReadonlyMap<string, AllowedRelation>
  readonly catalog: Pick<Catalog, 'relations'>
  /** Columns that the policy names one by one for a relation: the operator's decision stands. */
  readonly isNamed: (relation: string, column: string) => boolean
}

/**
 * Lets rules follow the views of a MySQL or MariaDB source, which no analyzer reads: a column of a view that is a
 * masked column is masked alike; one that is computed from a restricted column, or that may be, is denied, and so is
 * every column of a view that decides by a restricted column which rows it has. What the policy names stands. Views
 * that cannot be followed, and tables that stand for others, are problems, unless the policy restricts nothing or names
 * their columns.
 */
export function inheritMysqlViews(given: Given): {
  readonly relations: Map<string, AllowedRelation>
  readonly problems: readonly string[]
} {
  const relations = new Map(given.relations)
  const isRestricted = [...relations.values()].some(({ columns }) => [...columns.values()].some(isRestriction))
  if (!isRestricted) return { relations, problems: [] }
  const rules = new ViewRules(given)
  const problems: string[] = []
  for (const relation of given.catalog.relations) {
    const name = `${relation.schema}.${relation.name}`
    const written = relations.get(name)
    if (written === undefined || !standsForOthers(relation)) continue
    const columns = [...written.columns].map(([column, rule]): [string, ColumnRule] => {
      if (rule.kind === 'deny' || given.isNamed(name, column)) return [column, rule]
      return [column, combine(rule, rules.behind(name, column) ?? deny)]
    })
    relations.set(name, { ...written, columns: new Map(columns) })
    const isOpen = columns.some(([column, rule]) => rule.kind !== 'deny' && !given.isNamed(name, column))
    const isLost = [...written.columns].some(([column, rule]) => rule.kind !== 'deny' && !given.isNamed(name, column))
    if (rules.isUnknown(name) && isLost && !isOpen) problems.push(unknownSentence(relation))
  }
  return { relations, problems }
}

function unknownSentence({ kind, name }: CatalogRelation): string {
  return kind === 'view'
    ? `what is behind the view "${name}" cannot be followed, so that the rules of its tables cannot be kept: ` +
        `GRANT SHOW VIEW on it (sql grant-script does), or name the columns it may show one by one`
    : `"${name}" stands for other tables whose rules cannot be kept: name the columns it may show one by one`
}

function standsForOthers({ kind }: CatalogRelation): boolean {
  return kind === 'view' || kind === 'foreign-table'
}

function isRestriction({ kind }: ColumnRule): boolean {
  return kind !== 'allow'
}

/** What both allow. */
function combine(rule: ColumnRule, other: ColumnRule): ColumnRule {
  if (other.kind === 'allow') return rule
  if (rule.kind === 'allow') return other
  return rule.kind === 'mask' && other.kind === 'mask' && rule.how === other.how ? rule : deny
}

class ViewRules {
  readonly #given: Given
  readonly #catalog: ReadonlyMap<string, CatalogRelation>
  readonly #views = new Map<string, MysqlView | null>()
  /** Views whose rules are being looked for. */
  readonly #open = new Set<string>()

  constructor(given: Given) {
    this.#given = given
    this.#catalog = new Map(given.catalog.relations.map((item) => [`${item.schema}.${item.name}`.toLowerCase(), item]))
  }

  /** Views that read each other are not known either. */
  isUnknown(name: string, readBy: readonly string[] = []): boolean {
    const view = this.#view(name)
    if (view === null || readBy.includes(name)) return true
    return view.tables.some((table) => {
      const relation = this.#catalog.get(table.toLowerCase())
      return relation !== undefined && standsForOthers(relation) && this.isUnknown(nameOf(relation), [...readBy, name])
    })
  }

  /** The rule a column of a view has by what is behind it; null where that is not known. */
  behind(name: string, column: string): ColumnRule | null {
    const view = this.#view(name)
    if (view === null || this.#open.has(name)) return null
    this.#open.add(name)
    try {
      const decides = this.#ofAll(view.deciders)
      if (decides === null || isRestriction(decides)) return decides === null ? null : deny
      const output = view.outputs.get(column.toLowerCase())
      if (output === undefined) return null
      const rule = this.#ofAll(output.references)
      if (rule === null || output.isPlain || rule.kind === 'allow') return rule
      return deny
    } finally {
      this.#open.delete(name)
    }
  }

  #view(name: string): MysqlView | null {
    const known = this.#views.get(name)
    if (known !== undefined) return known
    const relation = this.#catalog.get(name.toLowerCase())
    const view = relation?.definition == null ? null : readMysqlView(relation.definition)
    this.#views.set(name, view)
    return view
  }

  #ofAll(references: readonly Reference[]): ColumnRule | null {
    let all: ColumnRule = allow
    for (const reference of references) {
      const rule = this.#of(reference)
      if (rule === null) return null
      all = combine(all, rule)
    }
    return all
  }

  /** Null for a table that the policy does not name: only the view decides about it. */
  #of({ table, column }: Reference): ColumnRule | null {
    const relation = this.#catalog.get(table.toLowerCase())
    const name = relation === undefined ? table : nameOf(relation)
    const written = this.#given.relations.get(name) ?? this.#ignoringCase(name)
    const known = [...(written?.columns ?? [])].find(([item]) => item.toLowerCase() === column.toLowerCase())
    if (known !== undefined && (isRestriction(known[1]) || this.#given.isNamed(name, known[0]))) return known[1]
    if (relation !== undefined && standsForOthers(relation)) return this.behind(name, column)
    // A column that the account does not see of a table of the policy is one that is denied.
    return written === undefined ? allow : (known?.[1] ?? deny)
  }

  #ignoringCase(name: string): AllowedRelation | undefined {
    return [...this.#given.relations].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
  }
}

function nameOf({ schema, name }: CatalogRelation): string {
  return `${schema}.${name}`
}
