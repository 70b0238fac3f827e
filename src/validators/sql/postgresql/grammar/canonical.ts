import { Deparser, QuoteUtils } from 'pgsql-deparser'
import { takesRelationName, type FunctionPolicy } from '../functions/function-policy.ts'
import type { RawFinding } from '../../location.ts'
import { findPart } from './find-part.ts'
import { ParserCrash, parseStatement } from './parse.ts'
import { findRelation, type SqlPolicy } from '../../policy.ts'
import type { ReadsTheSame } from './replica-grammar.ts'
import type { RelationUse } from '../names/relations.ts'
import { asList, asNode, isStruct, sameTree, stringList, textField, unwrap, type Struct } from '../../syntax-tree.ts'
import type { Visit } from './walk.ts'

const text = (value: string): Struct => ({ String: { sval: value } })
const integer = (value: number): Struct => ({ A_Const: { ival: { ival: value } } })

/**
 * Writes every name in full, in place: tables with their schema, functions with `pg_catalog` or the schema policy gives
 * them. `SELECT lower(name) FROM customers` becomes `SELECT pg_catalog.lower(name) FROM public.customers`. Nothing is left
 * for a search path to decide, but for the calls that are returned, where `schemas` does not say theirs.
 */
export function qualifyNames(visits: readonly Visit[], uses: readonly RelationUse[], names: Naming): Struct[] {
  const open: Struct[] = []
  for (const { relation, struct } of uses) struct['schemaname'] = relation.schema
  for (const { type, struct } of visits) {
    if (type === 'RangeFunction') unnestApart(struct)
    if (type !== 'FuncCall') continue
    const path = stringList(struct['funcname'])
    const [name] = path
    if (path.length === 1 && name !== undefined) {
      const schema = names.functions.schemaOf(name) ?? names.schemas?.[open.length] ?? null
      if (names.functions.schemaOf(name) === null) open.push(struct)
      if (schema !== null) struct['funcname'] = [text(schema), text(name)]
    }
    qualifyRelationLiteral(struct, names.policy)
  }
  return open
}

interface Naming {
  readonly policy: SqlPolicy
  readonly functions: FunctionPolicy
  /**
   * The schemas of the calls whose name alone does not identify a function, in their order; absent before they are
   * known.
   */
  readonly schemas?: readonly string[] | undefined
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

/** Functions that the library writes as the syntax that stands for them, also where they are called by name. */
const writtenAsSyntax = new Set(['pg_catalog.timezone', 'pg_catalog.overlaps'])

/**
 * Prints what the library leaves out: WITH TIES, GROUP BY DISTINCT, AT LOCAL, brackets around what is subscripted, and
 * calls by name of functions that have a syntax of their own.
 */
class CanonicalPrinter extends Deparser {
  override FuncCall(node: Parameters<Deparser['FuncCall']>[0], context: Context): string {
    const path = stringList(node.funcname)
    const name = path.join('.')
    if (node.funcformat === 'COERCE_SQL_SYNTAX') {
      const [only, ...more] = node.args ?? []
      if (name !== 'pg_catalog.timezone' || only === undefined || more.length > 0) return super.FuncCall(node, context)
      return `(${this.visit(only, context)}) AT LOCAL`
    }
    if (!writtenAsSyntax.has(name)) return super.FuncCall(node, context)
    const other = 'called_by_name'
    const printed = super.FuncCall({ ...node, funcname: [{ String: { sval: other } }] }, context)
    return `${name}${printed.slice(other.length)}`
  }

  /** `bit '1'` has any length; `CAST('1' AS bit)` has that of one bit, and the quoted name has none. So with varying ones. */
  override TypeName(node: Parameters<Deparser['TypeName']>[0], context: Context): string {
    const [schema, name = ''] = stringList(node.names)
    const isBits = schema === 'pg_catalog' && (name === 'bit' || name === 'varbit')
    const isPlain = asList(node.typmods).length === 0 && asList(node.arrayBounds).length === 0
    return isBits && isPlain ? `pg_catalog."${name}"` : super.TypeName(node, context)
  }

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

/** Parts whose operands the grammar could give to a neighbour. */
const compounds = new Set([
  'A_Expr',
  'BoolExpr',
  'NullTest',
  'BooleanTest',
  'JsonIsPredicate',
  'CollateClause',
  'SubLink',
])

/** Writes brackets around each part with operands: brackets leave no trace in the tree. */
class BracketingPrinter extends CanonicalPrinter {
  override visit(node: Parameters<Deparser['visit']>[0], context?: Context): string {
    const printed = super.visit(node, context)
    const type = unwrap(node)?.type ?? ''
    const isInfix = asNode(node, 'FuncCall')?.['funcformat'] === 'COERCE_SQL_SYNTAX'
    return compounds.has(type) || isInfix ? `(${printed})` : printed
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
  const printed = print(select)
  if (printed === null) return { finding: notCanonical(select) }
  return readsTheSame(printed.text, select) ? printed : { finding: notOnReplica(select, readsTheSame) }
}

function print(select: Struct): { text: string; reading: Struct } | null {
  return printProven(select, CanonicalPrinter) ?? printProven(select, BracketingPrinter)
}

/** The text and its tree, where they are the tree that was printed; null otherwise. */
function printProven(select: Struct, Printer: typeof CanonicalPrinter): { text: string; reading: Struct } | null {
  try {
    const text = new Printer({ SelectStmt: select }, { pretty: false }).deparseQuery()
    const again = parseStatement(text)
    return 'select' in again && sameTree(again.select, select) ? { text, reading: again.select } : null
  } catch (thrown) {
    if (thrown instanceof ParserCrash) throw thrown
    return null
  }
}

function notOnReplica(select: Struct, readsTheSame: ReadsTheSame): RawFinding {
  const part = findPart(select, (statement) => {
    const printed = print(statement)
    return printed !== null && readsTheSame(printed.text, statement)
  })
  const message = `The database's version of PostgreSQL does not read ${part.what} as it is meant. ${part.instead}`
  return { rule: 'sql/not-canonical', offset: part.offset, message }
}

function notCanonical(select: Struct): RawFinding {
  const part = findPart(select, (statement) => print(statement) !== null)
  const message = `What runs is the statement written down again, and ${part.what} could not be written with the same meaning. ${part.instead}`
  return { rule: 'sql/not-canonical', offset: part.offset, message }
}
