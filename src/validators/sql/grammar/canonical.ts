import { Deparser, QuoteUtils } from 'pgsql-deparser'
import { takesRelationName, type FunctionPolicy } from '../functions/function-policy.ts'
import type { RawFinding } from '../location.ts'
import { parseStatement } from './parse.ts'
import { findRelation, type SqlPolicy } from '../policy.ts'
import type { ReadsTheSame } from './replica-grammar.ts'
import type { RelationUse } from '../names/relations.ts'
import { asList, asNode, isStruct, sameTree, stringList, textField, type Struct } from './syntax-tree.ts'
import type { Visit } from './walk.ts'

const text = (value: string): Struct => ({ String: { sval: value } })
const integer = (value: number): Struct => ({ A_Const: { ival: { ival: value } } })

/**
 * Writes every name in full, in place: tables with their schema,
 * functions with `pg_catalog` or the schema policy gives them. Nothing is left for a search path to decide.
 */
export function qualifyNames(
  visits: readonly Visit[],
  uses: readonly RelationUse[],
  names: { readonly policy: SqlPolicy; readonly functions: FunctionPolicy },
): void {
  for (const { relation, struct } of uses) struct['schemaname'] = relation.schema
  for (const { type, struct } of visits) {
    if (type === 'RangeFunction') unnestApart(struct)
    if (type !== 'FuncCall') continue
    const path = stringList(struct['funcname'])
    const [name] = path
    if (path.length === 1 && name !== undefined) {
      struct['funcname'] = [text(names.functions.schemaOf(name) ?? 'pg_catalog'), text(name)]
    }
    qualifyRelationLiteral(struct, names.policy)
  }
}

/** `unnest(a, b)` in FROM stands for `ROWS FROM (unnest(a), unnest(b))`, and does so only while its name stands alone. */
function unnestApart(range: Struct): void {
  if (range['coldeflist'] !== undefined) return
  const functions = asList(range['functions']).flatMap((item): unknown[] => {
    const [first, ...columns] = asList(asNode(item, 'List')?.['items'])
    const call = asNode(first, 'FuncCall')
    const parameters = asList(call?.['args'])
    const isPlain = call !== null && Object.keys(call).every((field) => plainCallFields.has(field))
    if (!isPlain || parameters.length < 2 || stringList(call['funcname']).join('.') !== 'unnest') return [item]
    const name = [text('pg_catalog'), text('unnest')]
    return parameters.map((parameter) => ({
      List: { items: [{ FuncCall: { ...call, funcname: name, args: [parameter] } }, ...columns] },
    }))
  })
  if (functions.length > asList(range['functions']).length) Object.assign(range, { functions, is_rowsfrom: true })
}

const plainCallFields = new Set(['funcname', 'args', 'funcformat', 'location'])

/** `pg_relation_size('orders')`: the literal is a name too. */
function qualifyRelationLiteral(call: Struct, policy: SqlPolicy): void {
  if (!takesRelationName(stringList(call['funcname']).at(-1) ?? '')) return
  const constant = asNode(asList(call['args'])[0], 'A_Const')
  const literal = isStruct(constant?.['sval']) ? textField(constant['sval'], 'sval') : null
  if (constant === null || literal === null || !/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(literal)) return
  const [name = '', schema = null] = literal.split('.').reverse()
  const relation = findRelation(policy, schema, name)
  if (relation !== null) constant['sval'] = { sval: `${relation.schema}.${relation.name}` }
}

/**
 * The statement with at most `rows` rows: a smaller constant limit stays, a larger or absent one is replaced, and where
 * the limit is not a constant the statement becomes a subquery of one that is limited.
 */
export function limitRows(select: Struct, rows: number): Struct {
  const count = select['limitCount']
  const constant = asNode(count, 'A_Const')
  const isWithTies = select['limitOption'] === 'LIMIT_OPTION_WITH_TIES'
  if (!isWithTies && (count === undefined || constant?.['isnull'] === true)) {
    return { ...select, limitCount: integer(rows), limitOption: 'LIMIT_OPTION_COUNT' }
  }
  const limit = isStruct(constant?.['ival']) ? (constant['ival']['ival'] ?? 0) : null
  if (!isWithTies && typeof limit === 'number') {
    return limit <= rows ? select : { ...select, limitCount: integer(rows) }
  }
  return {
    targetList: [{ ResTarget: { val: { ColumnRef: { fields: [{ A_Star: {} }] } } } }],
    fromClause: [{ RangeSubselect: { subquery: { SelectStmt: select }, alias: { aliasname: 'limited' } } }],
    limitCount: integer(rows),
    limitOption: 'LIMIT_OPTION_COUNT',
    op: 'SETOP_NONE',
  }
}

type Context = Parameters<Deparser['SelectStmt']>[1]

/** Prints what the library leaves out: WITH TIES, GROUP BY DISTINCT, and brackets around what is subscripted. */
class CanonicalPrinter extends Deparser {
  override SelectStmt(node: Parameters<Deparser['SelectStmt']>[0], context: Context): string {
    const { limitOption, limitCount, limitOffset, ...rest } = node
    if (limitOption !== 'LIMIT_OPTION_WITH_TIES' || limitCount === undefined) {
      return this.#grouped(super.SelectStmt(node, context), node)
    }
    const offset = limitOffset === undefined ? '' : ` OFFSET ${this.visit(limitOffset, context)}`
    const body = this.#grouped(super.SelectStmt(rest, context), node)
    return `${body}${offset} FETCH FIRST (${this.visit(limitCount, context)}) ROWS WITH TIES`
  }

  override A_Indirection(node: Parameters<Deparser['A_Indirection']>[0], context: Context): string {
    const parts = asList(node.indirection).map((part) => {
      const name = asNode(part, 'String')?.['sval']
      if (typeof name === 'string') return `.${QuoteUtils.quoteIdentifier(name)}`
      return asNode(part, 'A_Star') === null ? this.visit(part as Parameters<Deparser['visit']>[0], context) : '.*'
    })
    return `(${node.arg === undefined ? '' : this.visit(node.arg, context)})${parts.join('')}`
  }

  /** The first GROUP BY outside brackets and quotes is this SELECT's own; the round trip proves it. */
  #grouped(printed: string, node: { readonly groupDistinct?: boolean }): string {
    if (node.groupDistinct !== true) return printed
    const skipped = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]|\bGROUP BY\b/g
    let depth = 0
    for (const match of printed.matchAll(skipped)) {
      if (match[0] === '(') depth += 1
      else if (match[0] === ')') depth -= 1
      else if (match[0] === 'GROUP BY' && depth === 0) {
        const end = match.index + match[0].length
        return `${printed.slice(0, end)} DISTINCT${printed.slice(end)}`
      }
    }
    return printed
  }
}

/** `reading` is the tree of the text, the same as the one it was printed from but for the places in the text. */
export type Canonical = { readonly text: string; readonly reading: Struct } | { readonly finding: RawFinding }

/**
 * The statement printed from its tree, with the proof that the print means the tree: parsed again it is the same tree.
 * Fails closed: what cannot be printed, or reads back as anything else, is a finding. Only this text is ever run, so
 * comments, odd quoting and whatever two readers could read differently are gone. The grammar of the replica's version
 * must read it the same way too.
 */
export function printCanonical(select: Struct, readsTheSame: ReadsTheSame): Canonical {
  let printed: string
  try {
    printed = new CanonicalPrinter({ SelectStmt: select }, { pretty: false }).deparseQuery()
  } catch {
    return { finding: notCanonical() }
  }
  const again = parseStatement(printed)
  if (!('select' in again) || !sameTree(again.select, select)) return { finding: notCanonical() }
  if (!readsTheSame(printed, select)) return { finding: notOnReplica() }
  return { text: printed, reading: again.select }
}

function notOnReplica(): RawFinding {
  const message = "The database's version of PostgreSQL does not read this statement the same way. Use plainer syntax."
  return { rule: 'sql/not-canonical', offset: 0, message }
}

function notCanonical(): RawFinding {
  const message = 'This statement cannot be written down again with the same meaning. Write it in a simpler form.'
  return { rule: 'sql/not-canonical', offset: 0, message }
}
