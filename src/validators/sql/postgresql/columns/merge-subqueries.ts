import { asList, asNode, isStruct, nodesOf, stringList, textField, unwrap, type Struct } from '../../syntax-tree.ts'
import type { RelationUse } from '../names/relations.ts'
import { referenceName } from './mask-plan.ts'
import { isSelect } from './protected-calls.ts'

const text = (value: string): Struct => ({ String: { sval: value } })

/** Rows of one table, chosen by conditions on its own columns. */
interface Rows {
  readonly use: RelationUse
  /** Columns that are passed on, by the names they get; null for all under their own. */
  readonly columns: ReadonlyMap<string, string> | null
  readonly condition: unknown
}

/**
 * `avg(pay) FROM (SELECT * FROM staff WHERE …) s` is `avg(pay) FROM staff s WHERE …`, and so is the same by a WITH query: in
 * place, where the subquery only chooses rows of one table with aggregate-only columns, which it may rename, and stands in FROM
 * alone or among inner joins. Whatever is not plainly that is left as it is. Answers with the tables as they stand then.
 */
export function mergeSubqueries(select: Struct, uses: readonly RelationUse[]): readonly RelationUse[] {
  if (uses.every(({ relation }) => relation.entityKey === null)) return uses
  const merged: RelationUse[] = []
  const visit = (value: unknown, around: readonly unknown[]): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, around)
    if (!isStruct(value)) return
    if (!isSelect(value)) {
      for (const item of Object.values(value)) visit(item, around)
      return
    }
    const { withClause, ...rest } = value
    const own = isStruct(withClause) ? asList(withClause['ctes']) : []
    const isRecursive = isStruct(withClause) && withClause['recursive'] === true
    const inScope = (named: readonly unknown[]): unknown[] => [...hiding(around, named), ...(isRecursive ? [] : named)]
    // From the innermost to the outermost, so that what is merged can be merged again. A query in WITH sees those before it.
    own.forEach((query, index) => {
      visit(query, inScope(isRecursive ? own : own.slice(0, index)))
    })
    for (const item of Object.values(rest)) visit(item, inScope(own))
    const before = merged.length
    mergeInto(value, inScope(own), { uses, merged })
    if (merged.length > before) dropUnread(value)
  }
  visit(select, [])
  if (merged.length === 0) return uses
  dropUnread(select)
  const kept = new Set(structsIn(select))
  return [...uses, ...merged].filter(({ struct }) => kept.has(struct))
}

/** The queries around without those whose name means another one here. */
function hiding(around: readonly unknown[], own: readonly unknown[]): unknown[] {
  const names = new Set(nodesOf(own, 'CommonTableExpr').map(({ ctename }) => ctename))
  return around.filter((query) => !names.has(asNode(query, 'CommonTableExpr')?.['ctename']))
}

interface Tables {
  readonly uses: readonly RelationUse[]
  readonly merged: RelationUse[]
}

function mergeInto(owner: Struct, queries: readonly unknown[], { uses, merged }: Tables): void {
  const replace = (item: unknown): unknown => {
    const join = asNode(item, 'JoinExpr')
    if (join !== null) {
      const isInner = join['jointype'] === 'JOIN_INNER' && join['isNatural'] !== true && join['alias'] === undefined
      return isInner ? { JoinExpr: { ...join, larg: replace(join['larg']), rarg: replace(join['rarg']) } } : item
    }
    const found = subqueryOf(item, queries)
    const rows = found === null ? null : rowsOf(found.query, [...uses, ...merged])
    if (found === null || rows === null || !mayStandFor([owner, item], found.name, rows)) return item
    const { schema } = rows.use.relation
    // The schema is added, so that the name cannot mean a query in WITH.
    const range = { ...rows.use.struct, schemaname: schema, alias: { aliasname: found.name } }
    merged.push({ relation: rows.use.relation, struct: range })
    if (renames(rows)) giveOwnNames([owner, item], found.name, rows)
    const condition = qualified(rows.condition, found.name)
    if (condition !== undefined) owner['whereClause'] = both(condition, owner['whereClause'])
    return { RangeVar: range }
  }
  if (owner['fromClause'] !== undefined) owner['fromClause'] = asList(owner['fromClause']).map(replace)
}

/** A subquery in FROM, or the WITH query that is meant there, and the name it has. */
function subqueryOf(item: unknown, queries: readonly unknown[]): { name: string; query: Struct } | null {
  const node = unwrap(item)
  const alias = isStruct(node?.struct['alias']) ? node.struct['alias'] : null
  if (alias?.['colnames'] !== undefined) return null
  if (node?.type === 'RangeSubselect' && node.struct['lateral'] !== true) {
    const query = asNode(node.struct['subquery'], 'SelectStmt')
    const name = alias === null ? null : textField(alias, 'aliasname')
    return query === null || name === null ? null : { name, query }
  }
  if (node?.type !== 'RangeVar' || node.struct['schemaname'] !== undefined) return null
  const named = nodesOf(queries, 'CommonTableExpr').filter(({ ctename }) => ctename === node.struct['relname'])
  const [definition] = named
  if (definition === undefined || named.length > 1 || definition['aliascolnames'] !== undefined) return null
  const query = asNode(definition['ctequery'], 'SelectStmt')
  return query === null ? null : { name: referenceName(node.struct), query }
}

const plainFields = new Set(['targetList', 'fromClause', 'whereClause', 'limitOption', 'op'])

function rowsOf(query: Struct, uses: readonly RelationUse[]): Rows | null {
  if (Object.keys(query).some((field) => !plainFields.has(field)) || query['op'] !== 'SETOP_NONE') return null
  const [item, ...more] = asList(query['fromClause'])
  const range = asNode(item, 'RangeVar')
  const use = uses.find(({ struct }) => struct === range)
  if (use === undefined || more.length > 0 || use.relation.entityKey === null) return null
  const alias = use.struct['alias']
  if (isStruct(alias) && alias['colnames'] !== undefined) return null
  const isOwn = (path: readonly string[]): boolean =>
    use.relation.columns.has(path.at(-1) ?? '') &&
    path.length <= 2 &&
    (path.length === 1 || path[0] === referenceName(use.struct))
  const columns = passedOn(asList(query['targetList']), isOwn, referenceName(use.struct))
  const condition = query['whereClause']
  const structs = [...structsIn(condition)]
  const isPlain = structs.every((struct) => {
    const column = asNode(struct, 'ColumnRef')
    return column === null ? !isSelect(struct) : isOwn(stringList(column['fields'])) && !isStar(column)
  })
  return columns === undefined || !isPlain ? null : { use, columns, condition }
}

/** The columns of a list of plain columns by their new names, null for a star; undefined for any other list. */
function passedOn(
  outputs: readonly unknown[],
  isOwn: (path: readonly string[]) => boolean,
  name: string,
): ReadonlyMap<string, string> | null | undefined {
  const columns = new Map<string, string>()
  for (const output of outputs) {
    const target = asNode(output, 'ResTarget')
    const column = asNode(target?.['val'], 'ColumnRef')
    if (target === null || column === null) return undefined
    const path = stringList(column['fields'])
    if (isStar(column)) return outputs.length === 1 && [undefined, name].includes(path.at(-1)) ? null : undefined
    const own = path.at(-1) ?? ''
    const given = textField(target, 'name') ?? own
    if (!isOwn(path) || columns.has(given)) return undefined
    columns.set(given, own)
  }
  return columns
}

function isStar(column: Struct): boolean {
  return asNode(asList(column['fields']).at(-1), 'A_Star') !== null
}

/** Does everything in the SELECT mean the same when the name stands for the table? Only where a protected column is passed on. */
function mayStandFor([owner, item]: readonly [Struct, unknown], name: string, { use, columns }: Rows): boolean {
  const { withClause: _queries, ...rest } = owner
  const apart = new Set(structsIn(item))
  const all = [...structsIn(rest)].filter((struct) => !apart.has(struct))
  const references = all.map((struct) => asNode(struct, 'ColumnRef')).filter((column) => column !== null)
  const isAlone = asList(owner['targetList']).length === 1 && owner['groupClause'] === undefined
  const isClear = references.every((column) => {
    const path = stringList(column['fields'])
    if (isStar(column)) return (columns === null && isAlone) || (path.length > 0 && path.at(-1) !== name)
    const [last = '', qualifier] = path.toReversed()
    if (path.length === 1 && last === name) return false
    if (qualifier !== undefined && qualifier !== name) return true
    // A column that the subquery does not pass on would be another one of the name, or none.
    return columns === null || columns.has(last) || !use.relation.columns.has(last)
  })
  if (columns !== null && renames({ columns }) && !mayBeRenamed(all.slice(1), columns)) return false
  const passes = columns === null ? use.relation.columns.keys() : columns.values()
  return isClear && [...passes].some((column) => use.relation.columns.get(column)?.kind === 'aggregate-only')
}

function renames({ columns }: Pick<Rows, 'columns'>): boolean {
  return [...(columns ?? [])].some(([given, own]) => given !== own)
}

/**
 * May the columns be renamed? Only where a name cannot mean anything else: no SELECT within, no output of the name,
 * nothing joined by equal names.
 */
function mayBeRenamed(structs: readonly Struct[], columns: ReadonlyMap<string, string>): boolean {
  return structs.every((struct) => {
    const output = asNode(struct, 'ResTarget')
    const name = output === null ? null : textField(output, 'name')
    return !isSelect(struct) && struct['usingClause'] === undefined && (name === null || !columns.has(name))
  })
}

/** Columns under the names that the subquery gave them become those of the table; outputs keep the names they had. */
function giveOwnNames([owner, item]: readonly [Struct, unknown], name: string, { columns }: Rows): void {
  const apart = new Set(structsIn(item))
  const { withClause: _queries, ...rest } = owner
  for (const struct of structsIn(rest)) {
    if (apart.has(struct)) continue
    const output = asNode(struct, 'ResTarget')
    const shown = asNode(output?.['val'], 'ColumnRef')
    if (output !== null && shown !== null && !isStar(shown)) output['name'] ??= stringList(shown['fields']).at(-1)
    const column = asNode(struct, 'ColumnRef')
    const [last = '', qualifier = name] = column === null ? [] : stringList(column['fields']).toReversed()
    const own = qualifier === name ? columns?.get(last) : undefined
    if (column !== null && own !== undefined) column['fields'] = [text(name), text(own)]
  }
}

function qualified(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => qualified(item, name))
  if (!isStruct(value)) return value
  const column = asNode(value, 'ColumnRef')
  if (column !== null)
    return { ColumnRef: { ...column, fields: [text(name), text(stringList(column['fields']).at(-1) ?? '')] } }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, qualified(item, name)]))
}

function both(left: unknown, right: unknown): unknown {
  return right === undefined ? left : { BoolExpr: { boolop: 'AND_EXPR', args: [left, right] } }
}

/** WITH queries that nothing refers to any more would still be analyzed, with the columns they pass on. */
function dropUnread(select: Struct): void {
  for (const struct of structsIn(select)) {
    const clause = isStruct(struct['withClause']) ? struct['withClause'] : null
    if (clause === null || clause['recursive'] === true) continue
    const ranges = [...structsIn(select)].map((item) => asNode(item, 'RangeVar')).filter((range) => range !== null)
    const ctes = asList(clause['ctes']).filter((query) => {
      const definition = asNode(query, 'CommonTableExpr')
      // Inside the query of a WITH its own name means a table.
      const inside = new Set(structsIn(query))
      const isRead = ranges.some(
        (range) =>
          range['schemaname'] === undefined && range['relname'] === definition?.['ctename'] && !inside.has(range),
      )
      return definition === null || isRead
    })
    if (ctes.length === 0) delete struct['withClause']
    else clause['ctes'] = ctes
  }
}

function* structsIn(value: unknown): Generator<Struct> {
  if (Array.isArray(value)) for (const item of value) yield* structsIn(item)
  else if (isStruct(value)) {
    yield value
    for (const item of Object.values(value)) yield* structsIn(item)
  }
}
