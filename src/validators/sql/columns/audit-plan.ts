import { printCanonical } from '../grammar/canonical.ts'
import type { ReadsTheSame } from '../grammar/replica-grammar.ts'
import { asList, asNode, isStruct, textField, type Struct } from '../grammar/syntax-tree.ts'
import type { RawFinding } from '../location.ts'
import type { RelationUse } from '../names/relations.ts'
import { ledgerScopes, type LedgerScope } from '../policy.ts'
import {
  isSelect,
  largeEnough,
  ownCalls,
  protectedColumns,
  withoutAggregates,
  type ProtectedColumn,
} from './aggregate-guard.ts'
import { identityColumns } from './audit-columns.ts'
import { formFinding, unstable } from './unstable.ts'

/** Tells which rows of a table stand behind each group of a statement. */
export interface Audit {
  /** `schema.relation` */
  readonly relation: string
  readonly ledger: LedgerScope
  /** A SELECT whose last two columns are arrays, side by side: numbers of entities and of rows; one row a group. */
  readonly text: string
  /** Are rows of one entity told apart by a row key? */
  readonly byRow: boolean
}

interface Given {
  readonly uses: readonly RelationUse[]
  readonly calls: ReadonlySet<Struct>
  readonly minimum: number
  readonly readsTheSame: ReadsTheSame
}

type Audits = { readonly audits: readonly Audit[] } | { readonly finding: RawFinding }

/** Statements that read protected columns in more places than this are not looked into. */
const maximumAudits = 16

/**
 * An audit for each SELECT with aggregates of protected columns and each of these columns. An audit has the
 * SELECT's own FROM, WHERE and GROUP BY, so that its groups are those of the statement, and reads no aggregate of it:
 * before the ledger has admitted the groups, nothing that could fail by a protected value is computed. It stands alone,
 * with the WITH queries it refers to; where it depends on a SELECT around it, it does not resolve and is refused.
 */
export function planAudits(select: Struct, given: Given): Audits {
  const audits: Audit[] = []
  const findings: RawFinding[] = []
  const visit = (value: unknown, scope: Scope): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, scope)
    else if (!isStruct(value)) return
    else if (isSelect(value)) visitSelect(value, scope)
    else for (const item of Object.values(value)) visit(item, scope)
  }
  const visitSelect = (owner: Struct, outer: Scope): void => {
    const { withClause, ...rest } = owner
    const own = isStruct(withClause) ? asList(withClause['ctes']) : []
    const isRecursive = outer.isRecursive || (isStruct(withClause) && withClause['recursive'] === true)
    own.forEach((query, index) => {
      visit(query, { queries: [...outer.queries, ...(isRecursive ? own : own.slice(0, index))], isRecursive })
    })
    const scope = { queries: [...outer.queries, ...own], isRecursive }
    const made = auditsOf(owner, scope, given)
    if ('finding' in made) findings.push(made.finding)
    else audits.push(...made.audits)
    for (const item of Object.values(rest)) visit(item, scope)
  }
  visitSelect(select, { queries: [], isRecursive: false })
  if (audits.length > maximumAudits) findings.push(formFinding('stand in too many places of one statement.'))
  const [finding] = findings
  return finding === undefined ? { audits } : { finding }
}

/** WITH queries a SELECT can refer to. */
interface Scope {
  readonly queries: readonly unknown[]
  readonly isRecursive: boolean
}

function auditsOf(owner: Struct, scope: Scope, given: Given): Audits {
  const calls = ownCalls(owner, given.calls)
  if (calls.length === 0) return { audits: [] }
  const columns = protectedColumns(owner, calls, given.uses)
  if (columns === null) return { finding: formFinding('are read where their table is not in the same FROM.') }
  const selection = selectionOf(owner, given.uses)
  const queries = referredTo(selection, scope.queries)
  const isRecursive = scope.isRecursive && queries.length > 0
  const reason = isRecursive ? 'are read beside a recursive WITH.' : unstable({ ...selection, queries }, given.calls)
  if (reason !== null) return { finding: formFinding(reason) }
  const audits: Audit[] = []
  for (const column of columns) {
    for (const ledger of ledgerScopes(column.relation)) {
      const audit = printAudit(owner, { column, ledger, queries, given })
      if ('finding' in audit) return audit
      audits.push(audit)
    }
  }
  return { audits }
}

/** What decides which rows are in which group. GROUP BY may refer to any output but those with window functions. */
function selectionOf(owner: Struct, uses: readonly RelationUse[]): Struct {
  const { fromClause, whereClause, groupClause } = owner
  const outputs = asList(owner['targetList']).filter((target) => !hasWindow(target))
  return { fromClause, whereClause, groupClause, targetList: withoutAggregates(outputs, uses) }
}

function hasWindow(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasWindow)
  if (!isStruct(value) || isSelect(value)) return false
  return value['over'] !== undefined || Object.values(value).some(hasWindow)
}

/** The WITH queries a tree refers to, with those they refer to, in their order. Names that hide one another are kept. */
function referredTo(tree: unknown, scope: readonly unknown[]): unknown[] {
  const wanted = new Set<unknown>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    if (!isStruct(value)) return
    const range = asNode(value, 'RangeVar')
    const name = range === null || range['schemaname'] !== undefined ? null : textField(range, 'relname')
    for (const query of name === null ? [] : scope) {
      const definition = asNode(query, 'CommonTableExpr')
      if (definition === null || definition['ctename'] !== name || wanted.has(query)) continue
      wanted.add(query)
      visit(definition)
    }
    Object.values(value).forEach(visit)
  }
  visit(tree)
  return scope.filter((query) => wanted.has(query))
}

interface Printing {
  readonly column: ProtectedColumn
  readonly ledger: LedgerScope
  readonly queries: readonly unknown[]
  readonly given: Given
}

function printAudit(owner: Struct, printing: Printing): Audit | { readonly finding: RawFinding } {
  const { column, ledger, queries, given } = printing
  const { relation } = column
  const audit = Object.fromEntries(Object.entries(owner).filter(([field]) => !dropped.has(field)))
  const guard = largeEnough(column, given.minimum)
  const printed = printCanonical(
    {
      ...(withoutAggregates(audit, given.uses) as Struct),
      targetList: [...asList(withoutAggregates(owner['targetList'], given.uses)), ...identityColumns(column, ledger)],
      havingClause: guard,
      ...(queries.length === 0 ? {} : { withClause: { ctes: queries } }),
      limitOption: 'LIMIT_OPTION_DEFAULT',
    },
    given.readsTheSame,
  )
  if ('finding' in printed) return printed
  const name = `${relation.schema}.${relation.name}`
  return { relation: name, ledger, text: printed.text, byRow: relation.rowKey !== null }
}

/** Of the SELECT, what comes after its groups are made. */
const dropped = new Set(['distinctClause', 'havingClause', 'sortClause', 'limitCount', 'limitOffset', 'withClause'])
