import { constantText } from '../budgets/constants.ts'
import { takesRelationName } from '../functions/function-policy.ts'
import type { RawFinding } from '../../location.ts'
import { findRelation, relationNames, type AllowedRelation, type SqlPolicy } from '../../policy.ts'
import { closest } from '../../../../text/closest.ts'
import { listNames } from '../../list-names.ts'
import {
  asList,
  asNode,
  isStruct,
  locationOf,
  nodesOf,
  stringList,
  textField,
  unwrap,
  type Struct,
} from '../../syntax-tree.ts'

export interface RelationUse {
  readonly relation: AllowedRelation
  /** The RangeVar. */
  readonly struct: Struct
}

/** Tables that stand in FROM items, joined or alone; those behind TABLESAMPLE too where `sampled`. */
export function tablesIn(items: unknown, { sampled }: { readonly sampled: boolean }): ReadonlySet<Struct> {
  const tables = new Set<Struct>()
  const collect = (item: unknown): void => {
    const node = unwrap(item)
    if (node?.type === 'RangeVar') tables.add(node.struct)
    if (node?.type === 'JoinExpr') [node.struct['larg'], node.struct['rarg']].forEach(collect)
    if (node?.type === 'RangeTableSample' && sampled) collect(node.struct['relation'])
  }
  asList(items).forEach(collect)
  return tables
}

interface Found {
  readonly uses: RelationUse[]
  readonly findings: RawFinding[]
}

type Scope = ReadonlySet<string>

/**
 * Every table name of the statement that is not the name of a WITH query in scope, looked up in the policy. Fails
 * closed: what policy does not name is a finding, the same one whether the table exists or not.
 */
export function findRelations(select: Struct, policy: SqlPolicy): Found {
  const found: Found = { uses: [], findings: [] }
  visitSelect(select, new Set(), { policy, found })
  return found
}

interface Search {
  readonly policy: SqlPolicy
  readonly found: Found
}

function visitSelect(select: Struct, outer: Scope, search: Search): void {
  const { withClause, ...rest } = select
  const scope = isStruct(withClause) ? visitWith(withClause, outer, search) : outer
  for (const [field, value] of Object.entries(rest)) {
    if ((field === 'larg' || field === 'rarg') && isStruct(value)) visitSelect(value, scope, search)
    else visitValue(value, scope, search)
  }
}

/** A WITH query sees those before it; with RECURSIVE it sees itself and those after it too. */
function visitWith(withClause: Struct, outer: Scope, search: Search): Scope {
  const queries = nodesOf(withClause['ctes'], 'CommonTableExpr')
  const names = queries.map((query) => textField(query, 'ctename') ?? '')
  const all = new Set([...outer, ...names])
  queries.forEach((query, index) => {
    const visible = withClause['recursive'] === true ? all : new Set([...outer, ...names.slice(0, index)])
    for (const value of Object.values(query)) visitValue(value, visible, search)
  })
  return all
}

function visitValue(value: unknown, scope: Scope, search: Search): void {
  if (Array.isArray(value)) {
    for (const item of value) visitValue(item, scope, search)
    return
  }
  if (!isStruct(value)) return
  const range = asNode(value, 'RangeVar')
  if (range !== null) {
    visitRange(range, scope, search)
    return
  }
  const select = asNode(value, 'SelectStmt')
  if (select !== null) {
    visitSelect(select, scope, search)
    return
  }
  const call = asNode(value, 'FuncCall')
  if (call !== null) visitRelationLiteral(call, search)
  for (const item of Object.values(value)) visitValue(item, scope, search)
}

/** The name of a table as text, in the functions that tell its size. */
function visitRelationLiteral(call: Struct, search: Search): void {
  if (!takesRelationName(stringList(call['funcname']).at(-1) ?? '')) return
  const literal = constantText(asList(call['args'])[0])
  // What is no literal is refused where functions are.
  if (literal === null) return
  const [name = '', schema = null] = literal.split('.').reverse()
  if (findRelation(search.policy, schema, name) !== null) return
  search.found.findings.push(relationNotAllowed(literal, call, search.policy))
}

function visitRange(range: Struct, scope: Scope, search: Search): void {
  const name = textField(range, 'relname') ?? ''
  const schema = textField(range, 'schemaname')
  if (schema === null && scope.has(name)) return
  const relation = findRelation(search.policy, schema, name)
  if (relation !== null) search.found.uses.push({ relation, struct: range })
  else
    search.found.findings.push(relationNotAllowed(schema === null ? name : `${schema}.${name}`, range, search.policy))
}

function relationNotAllowed(name: string, range: Struct, policy: SqlPolicy): RawFinding {
  const names = relationNames(policy)
  const similar = closest(name, names)
  const hint = similar === null ? `You may use ${listNames(names)}.` : `Did you mean "${similar}"?`
  const message =
    names.length === 0
      ? `"${name}" is not a table you may use. No table of this source is allowed.`
      : `"${name}" is not a table you may use. ${hint}`
  return { rule: 'sql/relation-not-allowed', offset: locationOf(range), message }
}
