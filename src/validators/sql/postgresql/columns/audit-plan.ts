import { printCanonical } from '../grammar/canonical.ts'
import type { ReadsTheSame } from '../grammar/replica-grammar.ts'
import { asList, asNode, isStruct, textField, type Struct } from '../../syntax-tree.ts'
import type { RawFinding } from '../../location.ts'
import type { RelationUse } from '../names/relations.ts'
import { ledgerScopes, type LedgerScope } from '../../policy.ts'
import { countsAtLeast } from './aggregate-guard.ts'
import { identityColumns } from './audit-columns.ts'
import { groupingOutputs } from './grouping-outputs.ts'
import {
  formFinding,
  isSelect,
  ownCalls,
  protectedColumns,
  type ProtectedCalls,
  type ProtectedColumn,
} from './protected-calls.ts'
import { unstable, type Selection } from './unstable.ts'

/** Tells which rows of a table stand behind each group of a statement. */
export interface Audit {
  /** `schema.relation` */
  readonly relation: string
  readonly ledger: LedgerScope
  /**
   * A SELECT whose last two columns are arrays, side by side: numbers of entities and of rows, the latter negative where
   * the row has no value; one row a group.
   */
  readonly text: string
  /** Does a row key distinguish the rows of one entity? */
  readonly byRow: boolean
}

interface Given {
  readonly uses: readonly RelationUse[]
  readonly calls: ProtectedCalls
  readonly minimum: number
  readonly readsTheSame: ReadsTheSame
}

type Audits = { readonly audits: readonly Audit[] } | { readonly finding: RawFinding }

/** Statements that read protected columns in more places than this are not looked into. */
const maximumAudits = 16

/**
 * An audit for each SELECT with aggregates of protected columns and each of these columns. An audit has the
 * SELECT's own FROM, WHERE and GROUP BY, so that its groups are those of the statement, and nothing else of it: whatever
 * an output, an ORDER BY, a DISTINCT or a LIMIT does with the aggregates comes after they were made, and is not looked at
 * before the ledger has admitted the groups. It stands alone, with the WITH queries it refers to; where it depends on a
 * SELECT around it, it does not resolve and is refused.
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
  const own = ownCalls(owner, given.calls)
  if (own.length === 0) return { audits: [] }
  const columns = protectedColumns(own, given.calls)
  const grouping = groupingOutputs(owner, given)
  if ('reason' in grouping) return { finding: formFinding(grouping.reason) }
  const { fromClause, whereClause, groupClause, groupDistinct } = owner
  const filters = columns.map(({ filter }) => filter)
  const rows = { fromClause, whereClause, groupClause, outputs: grouping.outputs, filters }
  const queries = referredTo(rows, scope.queries)
  if (scope.isRecursive && queries.length > 0) return { finding: formFinding('are read beside a recursive WITH.') }
  const selection: Selection = { rows: { ...rows, queries }, uses: given.uses, calls: given.calls }
  const reason = unstable(selection)
  if (reason !== null) return { finding: formFinding(reason) }
  const rest = {
    fromClause,
    ...(whereClause === undefined ? {} : { whereClause }),
    ...(groupClause === undefined ? {} : { groupClause }),
    ...(groupDistinct === undefined ? {} : { groupDistinct }),
    ...(queries.length === 0 ? {} : { withClause: { ctes: queries } }),
    limitOption: 'LIMIT_OPTION_DEFAULT',
    op: 'SETOP_NONE',
  }
  const audits: Audit[] = []
  for (const column of columns) {
    const havingClause = countsAtLeast(column, column.filter, given.minimum)
    for (const ledger of ledgerScopes(column.relation)) {
      const targetList = [...grouping.outputs, ...identityColumns(column, ledger)]
      const printed = printCanonical({ ...rest, targetList, havingClause }, given.readsTheSame)
      if ('finding' in printed) return printed
      audits.push(auditOf(column, ledger, printed.text))
    }
  }
  return { audits }
}

function auditOf({ relation }: ProtectedColumn, ledger: LedgerScope, text: string): Audit {
  return { relation: `${relation.schema}.${relation.name}`, ledger, text, byRow: relation.rowKey !== null }
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
